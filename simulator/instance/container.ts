import { OraError } from "../engine/ora-error.ts";
import type { TableDefinition } from "./api.ts";
import { change, type Edit } from "./changes.ts";
import type { DatafileRecord, TablespaceRecord } from "./control-file.ts";
import { initialiseDataBlock, rowAt, slotCount } from "./data-block.ts";
import type { SimulatedDatabase } from "./database.ts";
import { autoextend, type Extent, findGap, FIRST_USABLE_BLOCK } from "./space.ts";
import { rowKey } from "./locks.ts";
import { decodeRow } from "./row-codec.ts";
import { UndoSegment } from "./undo.ts";

/** The dictionary's own tables: definitions and extents. Their first extents are fixed, at the start of SYSTEM. */
export const TABLES_OBJECT = 1;
export const EXTENTS_OBJECT = 2;
const FIXED_EXTENTS = [
  { objectId: TABLES_OBJECT, first: FIRST_USABLE_BLOCK, blocks: 8 },
  { objectId: EXTENTS_OBJECT, first: FIRST_USABLE_BLOCK + 8, blocks: 16 },
] as const;
const FIRST_USER_OBJECT = 70_000;

/** A segment: its blocks in order, and where the next row is likely to fit. */
export interface Segment {
  readonly definition: TableDefinition;
  readonly extents: Extent[];
  /** Blocks before this one are full, but for those in `freed`. */
  hint: number;
  /** Blocks in which committed changes may have left room, as "file.block". */
  readonly freed: Set<string>;
  extending: Promise<void> | undefined;
}

/** What an instance knows about a container: its dictionary in memory, its undo. Loaded when the container opens. */
export class Container {
  readonly conId: number;
  readonly undo: UndoSegment;
  readonly segments = new Map<number, Segment>();
  private readonly database: SimulatedDatabase;

  constructor(database: SimulatedDatabase, conId: number) {
    this.database = database;
    this.conId = conId;
    this.undo = new UndoSegment(database, conId);
    for (const { objectId, first, blocks } of FIXED_EXTENTS) {
      const name = objectId === TABLES_OBJECT ? "TAB$" : "UET$";
      this.segments.set(objectId, {
        definition: { objectId, owner: "SYS", name, tablespace: "SYSTEM", columns: [] },
        extents: [{ file: this.systemFile.file, first, blocks }],
        hint: 0,
        freed: new Set(),
        extending: undefined,
      });
    }
  }

  get systemFile(): DatafileRecord {
    const { control } = this.database;
    const system = control.tablespaces.find((ts) => ts.conId === this.conId && ts.name === "SYSTEM");
    const file = control.datafiles.find((record) => record.conId === this.conId && record.ts === system?.ts);
    if (file === undefined) throw new OraError(65_011, `Pluggable database ${this.conId} does not exist.`);
    return file;
  }

  /** Formats dictionary and undo of a new container. */
  create(thread: number): void {
    const edits: Edit[] = [this.undo.create()];
    for (const { objectId, first, blocks } of FIXED_EXTENTS)
      edits.push(...this.formatting(objectId, { file: this.systemFile.file, first, blocks }));
    for (const edit of edits) change(this.database, thread, [edit]);
  }

  /** Reads the dictionary. Uncommitted dictionary rows are gone by then: transactions are rolled back first. */
  load(read: (segment: Segment) => Iterable<readonly unknown[]>): void {
    for (const objectId of this.segments.keys())
      if (objectId > EXTENTS_OBJECT) this.segments.delete(objectId);
    for (const row of read(this.segment(TABLES_OBJECT))) {
      if (Number(row[0]) < 0) {
        this.remember(JSON.parse(String(row[1])) as TablespaceRecord);
        continue;
      }
      const definition = JSON.parse(String(row[1])) as TableDefinition;
      this.segments.set(definition.objectId, {
        definition,
        extents: [],
        hint: 0,
        freed: new Set(),
        extending: undefined,
      });
    }
    for (const [objectId, file, first, blocks] of read(this.segment(EXTENTS_OBJECT))) {
      this.segments
        .get(Number(objectId))
        ?.extents.push({ file: Number(file), first: Number(first), blocks: Number(blocks) });
    }
  }

  /** A temporary tablespace has no datafile that would tell a new control file of it: the dictionary does. */
  private remember(tablespace: TablespaceRecord): void {
    const { tablespaces } = this.database.control;
    const known = tablespaces.some((ts) => ts.conId === this.conId && ts.name === tablespace.name);
    if (!known) tablespaces.push({ ...tablespace, conId: this.conId });
  }

  segment(objectId: number): Segment {
    const found = this.segments.get(objectId);
    if (found === undefined) throw new OraError(942, "table or view does not exist");
    return found;
  }

  nextObjectId(): number {
    return Math.max(FIRST_USER_OBJECT, ...this.segments.keys()) + 1;
  }

  usedExtents(): Extent[] {
    return [...this.segments.values()].flatMap((segment) => segment.extents);
  }

  filesOf(tablespace: string): DatafileRecord[] {
    const { control } = this.database;
    const ts = control.tablespaces.find(
      (candidate) => candidate.conId === this.conId && candidate.name === tablespace,
    );
    if (ts === undefined) throw new OraError(959, `tablespace '${tablespace}' does not exist`);
    return control.datafiles.filter((file) => file.conId === this.conId && file.ts === ts.ts);
  }

  /** Takes and formats space for a segment: 8 blocks at first, more as it grows, as AUTOALLOCATE does. */
  allocate(segment: Segment, thread: number): Extent {
    const { owner, name, tablespace } = segment.definition;
    const files = this.filesOf(tablespace).filter(
      (file) => file.status === "ONLINE" || file.status === "SYSTEM",
    );
    const wanted = segment.extents.length < 16 ? 8 : segment.extents.length < 80 ? 128 : 1024;
    const used = this.usedExtents();
    let extent = findGap(files, used, wanted) ?? findGap(files, used, 8);
    if (extent === undefined && autoextend(this.database, thread, files, 8)) extent = findGap(files, used, 8);
    if (extent === undefined) {
      throw new OraError(1653, `unable to extend table ${owner}.${name} by 8 in tablespace ${tablespace}`);
    }
    return extent;
  }

  formatting(objectId: number, extent: Extent): Edit[] {
    const file = this.database.datafile(extent.file);
    return Array.from({ length: extent.blocks }, (_, index) => ({
      file,
      block: extent.first + index,
      fresh: true,
      mutate: (block: Buffer) => initialiseDataBlock(block, objectId),
    }));
  }

  /** Rows of a segment as they lie in the blocks now. */
  *pieces(segment: Segment): Iterable<{ file: number; block: number; slot: number; piece: Buffer }> {
    for (const extent of segment.extents) {
      const file = this.database.readable(extent.file);
      for (let block = extent.first; block < extent.first + extent.blocks; block += 1) {
        const { buffer } = this.database.cache.read(file, block);
        for (let slot = 0; slot < slotCount(buffer); slot += 1) {
          const piece = rowAt(buffer, slot);
          if (piece !== undefined) yield { file: file.file, block, slot, piece };
        }
      }
    }
  }

  /** Rows as committed now: what open transactions hold is shown as it was before. */
  *committedRows(segment: Segment): Iterable<readonly unknown[]> {
    const { objectId } = segment.definition;
    for (const { piece, ...address } of this.pieces(segment)) {
      if (this.database.locks.holding(rowKey(address)) === undefined) yield decodeRow(piece);
    }
    for (const lock of this.database.locks.all()) {
      if (lock.objectId === objectId && this.owns(lock.holder) && lock.before !== undefined)
        yield decodeRow(lock.before);
    }
  }

  private owns(holder: object): boolean {
    return "container" in holder && holder.container === this;
  }
}

/** The block at a position of a segment; undefined behind its end. */
export function blockAt(segment: Segment, position: number): { file: number; block: number } | undefined {
  let left = position;
  for (const extent of segment.extents) {
    if (left < extent.blocks) return { file: extent.file, block: extent.first + left };
    left -= extent.blocks;
  }
  return undefined;
}
