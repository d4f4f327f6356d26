import type { Edit } from "./changes.ts";
import type { DatafileRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { OraError } from "../engine/ora-error.ts";
import { autoextend, FIRST_USABLE_BLOCK } from "./space.ts";
import {
  addUndo,
  initialiseUndoBlock,
  initialiseUndoHeader,
  readSlot,
  SLOT_STATE,
  undoBlockHead,
  undoFits,
  type UndoRecord,
  undoRecords,
  undoSlots,
  writeSlot,
} from "./undo-block.ts";

/** Where an undo block lies. Block 0 stands for none. */
interface UndoPlace {
  readonly file: number;
  readonly block: number;
}

/** A transaction's share of the undo tablespace. */
export interface UndoChain {
  readonly slot: number;
  readonly sequence: number;
  readonly blocks: UndoPlace[];
}

const HEADER_BLOCK = FIRST_USABLE_BLOCK;

/** The undo of one container: the transaction table in the first block, undo blocks behind it. */
export class UndoSegment {
  private readonly database: SimulatedDatabase;
  private readonly conId: number;
  private readonly usedSlots = new Set<number>();
  private readonly usedBlocks = new Set<string>();
  private cursor: UndoPlace = { file: 0, block: HEADER_BLOCK };
  private nextSlot = 0;

  constructor(database: SimulatedDatabase, conId: number) {
    this.database = database;
    this.conId = conId;
  }

  private get files(): DatafileRecord[] {
    const { control } = this.database;
    const undo = control.tablespaces
      .filter((ts) => ts.conId === this.conId && ts.contents === "UNDO")
      .map((ts) => ts.ts);
    return control.datafiles.filter((file) => file.conId === this.conId && file.ts === undo[0]);
  }

  private get headerFile(): DatafileRecord {
    const [first] = this.files;
    if (first === undefined)
      throw new OraError(1552, "cannot use system rollback segment for non-system tablespace");
    return first;
  }

  /** The edit that makes the transaction table, for a new container. */
  create(): Edit {
    return { file: this.headerFile, block: HEADER_BLOCK, fresh: true, mutate: initialiseUndoHeader };
  }

  /** Transactions that the table says are active, each with its undo, newest first. Their slots and blocks stay taken. */
  active(): { chain: UndoChain; records: UndoRecord[] }[] {
    const header = this.database.cache.read(this.headerFile, HEADER_BLOCK).buffer;
    const found: { chain: UndoChain; records: UndoRecord[] }[] = [];
    for (let slot = 0; slot < undoSlots(header.length); slot += 1) {
      const entry = readSlot(header, slot);
      if (entry.state !== SLOT_STATE.active) continue;
      const chain: UndoChain = { slot, sequence: entry.sequence, blocks: [] };
      const records: UndoRecord[] = [];
      let place: UndoPlace = { file: entry.lastFile, block: entry.lastBlock };
      while (place.block !== 0) {
        const { buffer } = this.database.cache.read(this.database.datafile(place.file), place.block);
        records.push(...undoRecords(buffer).toReversed());
        chain.blocks.unshift(place);
        this.usedBlocks.add(`${place.file}.${place.block}`);
        const head = undoBlockHead(buffer);
        place = { file: head.previousFile, block: head.previousBlock };
      }
      this.usedSlots.add(slot);
      found.push({ chain, records });
    }
    return found;
  }

  open(): UndoChain {
    const header = this.database.cache.read(this.headerFile, HEADER_BLOCK).buffer;
    const slots = undoSlots(header.length);
    for (let tried = 0; tried < slots; tried += 1) {
      const slot = this.nextSlot % slots;
      this.nextSlot += 1;
      if (this.usedSlots.has(slot)) continue;
      this.usedSlots.add(slot);
      return { slot, sequence: readSlot(header, slot).sequence + 1, blocks: [] };
    }
    throw new OraError(
      1554,
      "transaction concurrency limit reached reason:no undo segment found with available slot",
    );
  }

  /** Edits that keep a before image; they belong into the record of the change itself. */
  note(chain: UndoChain, record: UndoRecord, thread: number): Edit[] {
    const last = chain.blocks.at(-1);
    if (last !== undefined) {
      const file = this.database.datafile(last.file);
      if (undoFits(this.database.cache.read(file, last.block).buffer, record)) {
        return [{ file, block: last.block, mutate: (block) => addUndo(block, record) }];
      }
    }
    const place = this.takeBlock(thread);
    chain.blocks.push(place);
    const fresh: Edit = {
      file: this.database.datafile(place.file),
      block: place.block,
      fresh: true,
      mutate: (block) => {
        initialiseUndoBlock(block, {
          slot: chain.slot,
          sequence: chain.sequence,
          previousFile: last?.file ?? 0,
          previousBlock: last?.block ?? 0,
        });
        addUndo(block, record);
      },
    };
    return [fresh, this.slotEdit(chain, SLOT_STATE.active)];
  }

  /** The edit that ends a transaction. */
  end(chain: UndoChain): Edit {
    return this.slotEdit(chain, SLOT_STATE.committed);
  }

  release(chain: UndoChain): void {
    this.usedSlots.delete(chain.slot);
    for (const place of chain.blocks) this.usedBlocks.delete(`${place.file}.${place.block}`);
  }

  private slotEdit(chain: UndoChain, state: number): Edit {
    const last = state === SLOT_STATE.active ? chain.blocks.at(-1) : undefined;
    return {
      file: this.headerFile,
      block: HEADER_BLOCK,
      mutate: (block, scn) =>
        writeSlot(block, chain.slot, {
          state,
          sequence: chain.sequence,
          lastFile: last?.file ?? 0,
          lastBlock: last?.block ?? 0,
          commitScn: state === SLOT_STATE.active ? 0n : scn,
        }),
    };
  }

  /** The next block that no active transaction uses, going round the files. */
  private takeBlock(thread: number): UndoPlace {
    const { files } = this;
    const total = files.reduce((sum, file) => sum + file.blocks, 0);
    for (let tried = 0; tried <= total; tried += 1) {
      this.cursor = this.advance(files);
      const name = `${this.cursor.file}.${this.cursor.block}`;
      if (this.usedBlocks.has(name)) continue;
      this.usedBlocks.add(name);
      return this.cursor;
    }
    if (autoextend(this.database, thread, files, 8)) return this.takeBlock(thread);
    const name = this.database.tablespaceOf(this.headerFile).name;
    throw new OraError(30_036, `unable to extend segment by 8 in undo tablespace '${name}'`);
  }

  private advance(files: readonly DatafileRecord[]): UndoPlace {
    const index = Math.max(
      0,
      files.findIndex((file) => file.file === this.cursor.file),
    );
    const file = files[index] ?? this.headerFile;
    const block = this.cursor.block + 1;
    if (block <= file.blocks) return { file: file.file, block };
    const following = files[(index + 1) % files.length] ?? file;
    const first = following === this.headerFile ? HEADER_BLOCK + 1 : FIRST_USABLE_BLOCK;
    return { file: following.file, block: first };
  }
}
