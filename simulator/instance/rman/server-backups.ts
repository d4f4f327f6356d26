import { rmSync } from "node:fs";

import { OraError } from "../../engine/ora-error.ts";
import { backupControlfile } from "../control-file-operations.ts";
import type { ControlFile, DatafileRecord } from "../control-file.ts";
import type { SimulatedDatabase } from "../database.ts";
import * as catalog from "./catalog.ts";
import { trackChanges, type TrackingRequest, untrackChanges } from "./change-tracking.ts";
import { type CopyOrder, copyImage } from "./image-copy.ts";
import { backupIncremental, type SetOrder } from "./incremental.ts";
import { mergeInto, setsFor } from "./merge.ts";
import { isDamaged, type ReadableFile, readBlocks } from "./read-datafile.ts";
import {
  type BackupPieceRecord,
  type BackupSetRecord,
  type DatafileCopyRecord,
  nextKey,
  recordsOf,
} from "./records.ts";

/** What the server does for RMAN, each call one act of a channel. Throws OraError. */
export class ServerBackups {
  readonly #database: SimulatedDatabase;

  /** Of a mounted or open database. */
  constructor(database: SimulatedDatabase) {
    this.#database = database;
  }

  get control(): ControlFile {
    return this.#database.control;
  }

  get copies(): readonly DatafileCopyRecord[] {
    return recordsOf(this.control).copies;
  }

  get sets(): readonly BackupSetRecord[] {
    return recordsOf(this.control).sets;
  }

  get snapshotControlfile(): string | undefined {
    return this.control.snapshotControlfile;
  }

  /** undefined: the default again. */
  nameSnapshotControlfile(path: string | undefined): void {
    this.#changed(() => {
      if (path === undefined) delete this.control.snapshotControlfile;
      else this.control.snapshotControlfile = path;
    });
  }

  trackChanges(request: TrackingRequest): void {
    trackChanges(this.#database, request);
  }

  untrackChanges(): void {
    untrackChanges(this.#database);
  }

  now(): Date {
    return this.#database.hooks.now();
  }

  parentOf(file: DatafileRecord, tag: string | undefined): DatafileCopyRecord | undefined {
    return catalog.parentOf(this.control, file, tag);
  }

  copy(file: DatafileRecord, order: CopyOrder): Promise<DatafileCopyRecord> {
    return copyImage(this.#database, file, order);
  }

  incremental(order: SetOrder): Promise<BackupSetRecord | undefined> {
    return backupIncremental(this.#database, order);
  }

  setsFor(copy: DatafileCopyRecord, untilScn: bigint | undefined): BackupSetRecord[] {
    return setsFor(this.sets, copy, untilScn);
  }

  merge(copy: DatafileCopyRecord, set: BackupSetRecord): DatafileCopyRecord {
    return mergeInto(this.#database, copy, set);
  }

  /** undefined where the file is none of this database. */
  catalogCopy(order: Parameters<typeof catalog.catalogCopy>[1]): DatafileCopyRecord | undefined {
    return catalog.catalogCopy(this.#database, order);
  }

  crosscheckCopy(copy: DatafileCopyRecord): boolean {
    return this.#changed(() => catalog.crosscheck(copy, copy.path));
  }

  crosscheckPiece(piece: BackupPieceRecord): boolean {
    return this.#changed(() => catalog.crosscheck(piece, piece.handle));
  }

  /** CHANGE … UNCATALOG, and DELETE with `andFile`. */
  forget(record: DatafileCopyRecord | BackupPieceRecord, andFile: boolean): void {
    this.#changed(() => {
      record.status = "D";
      if (andFile) rmSync("path" in record ? record.path : record.handle, { force: true });
    });
  }

  /** A control file copy that RESTORE and MOUNT take; not listed anywhere but in its own set. */
  controlfile(path: string, tag: string, reuse: boolean): BackupSetRecord {
    backupControlfile(this.#database, path, reuse);
    return this.remember({ path, tag, controlfile: true });
  }

  /** A set of one piece that something else has written. */
  remember(made: {
    readonly path: string;
    readonly tag: string;
    readonly controlfile: boolean;
  }): BackupSetRecord {
    const records = recordsOf(this.control);
    const now = this.now();
    const count = records.nextSet;
    records.nextSet += 1;
    const set: BackupSetRecord = {
      ...nextKey(records, now),
      count,
      type: "D",
      incrementalLevel: null,
      controlfile: made.controlfile,
      startedAt: now,
      completedAt: now,
      files: [],
      pieces: [
        {
          ...nextKey(records, now),
          piece: 1,
          handle: made.path,
          tag: made.tag,
          bytes: 0,
          startedAt: now,
          completedAt: now,
          status: "A",
        },
      ],
    };
    return this.#changed(() => {
      records.sets.push(set);
      return set;
    });
  }

  /** VALIDATE: numbers of the damaged blocks. */
  async damaged(file: ReadableFile, blocks: number): Promise<number[]> {
    const found: number[] = [];
    for await (const block of readBlocks(this.#database, file, blocks))
      if (isDamaged(block.verdict)) found.push(block.number);
    return found;
  }

  #changed<T>(work: () => T): T {
    if (this.#database.dead) throw new OraError(3113, "end-of-file on communication channel");
    const result = work();
    this.#database.writeControl();
    return result;
  }
}
