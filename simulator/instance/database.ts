import { OraError } from "../engine/ora-error.ts";
import type { AlertLog } from "./alert-log.ts";
import { BIGFILE_RELATIVE_FILE } from "../files/datafile-header.ts";
import { BufferCache } from "./cache.ts";
import type { ControlFile, DatafileRecord, TablespaceRecord } from "./control-file.ts";
import { DataFiles } from "./data-files.ts";
import type { Hooks } from "./hooks.ts";
import { IoGate } from "./io-gate.ts";
import { RowLocks } from "./locks.ts";
import { Reservations } from "./reservations.ts";
import type { RedoThread } from "./redo-thread.ts";
import { fileError, fileLine } from "./refusals.ts";
import type { Container } from "./container.ts";
import type { OpenTransaction } from "./transaction.ts";
import { RowVersions } from "./versions.ts";
import { writeControlFiles } from "../files/control-file-image.ts";

/** A file in hot backup mode. */
export interface FileBackup {
  readonly beginScn: bigint;
  readonly at: Date;
  /** Differs for each BEGIN BACKUP, so that every block is logged whole once in each. */
  readonly epoch: number;
}

/** Samples of (time, SCN) that are kept for timestamps to SCNs. */
const KEPT_SAMPLES = 20_000;

/**
 * A mounted database in memory, shared by the instances that have it open. A crash throws this object away: what is not
 * on disk is lost with it.
 */
export class SimulatedDatabase {
  readonly hooks: Hooks;
  readonly alert: AlertLog;
  readonly files = new DataFiles();
  readonly io = new IoGate();
  readonly cache: BufferCache;
  readonly locks = new RowLocks();
  readonly reservations = new Reservations();
  readonly threads = new Map<number, RedoThread>();
  readonly containers = new Map<number, Container>();
  readonly transactions = new Set<OpenTransaction>();
  readonly backups = new Map<number, FileBackup>();
  readonly pdbModes = new Map<number, "READ WRITE" | "READ ONLY">();
  /** PDBs that only RESTRICTED SESSION opens. */
  readonly restrictedPdbs = new Set<number>();
  /** When each PDB was opened last. */
  readonly pdbsOpenedAt = new Map<number, Date>();
  /** Container and name in upper case. */
  readonly runningServices = new Set<string>();
  readonly controlPaths: readonly string[];
  /** Version word of COMPATIBLE for headers. */
  readonly compatible: number;
  control: ControlFile;
  versions = new RowVersions(0n);
  openMode: "MOUNTED" | "READ WRITE" | "READ ONLY" = "MOUNTED";
  dead = false;
  /** Background processes put themselves here: a log waits to be archived, a checkpoint is due, a block is dirty. */
  readonly wake = { archiver: (): void => {}, checkpoint: (): void => {}, writer: (): void => {} };
  private lastScn: bigint;
  private epoch = 0;
  private samples: { at: number; scn: bigint }[] = [];

  constructor(
    control: ControlFile,
    controlPaths: readonly string[],
    hooks: Hooks,
    alert: AlertLog,
    compatible: number,
  ) {
    this.control = control;
    this.controlPaths = controlPaths;
    this.hooks = hooks;
    this.alert = alert;
    this.compatible = compatible;
    this.lastScn = control.checkpointScn;
    this.cache = new BufferCache(
      this.files,
      {
        flushRedo: () => this.flushRedo(),
        pause: () => hooks.pause(),
        isSuspended: () => this.io.suspended,
        resumed: () => this.io.passed(),
        isDead: () => this.dead,
        dirtied: () => this.wake.writer(),
      },
      (file) => file.relativeFile === BIGFILE_RELATIVE_FILE,
    );
  }

  get scn(): bigint {
    return this.lastScn;
  }

  /** A new SCN, higher than every one before. */
  nextScn(): bigint {
    this.lastScn += 1n;
    const at = this.hooks.now().getTime();
    const last = this.samples.at(-1);
    if (last?.at === at) last.scn = this.lastScn;
    else this.samples.push({ at, scn: this.lastScn });
    if (this.samples.length > KEPT_SAMPLES) this.samples = this.samples.slice(KEPT_SAMPLES / 2);
    return this.lastScn;
  }

  raiseScn(to: bigint): void {
    if (to > this.lastScn) this.lastScn = to;
  }

  scnAt(time: Date): bigint {
    const found = this.samples.findLast((sample) => sample.at <= time.getTime());
    if (found === undefined) throw new OraError(8180, "no snapshot found based on specified time");
    return found.scn;
  }

  nextEpoch(): number {
    this.epoch += 1;
    return this.epoch;
  }

  /** All threads: a change of one may build on a change of another that is not on disk yet. */
  flushRedo(): void {
    if (this.dead) return;
    for (const thread of this.threads.values()) thread.flush();
  }

  writeControl(): void {
    if (this.dead) return;
    this.control.sequence += 1;
    writeControlFiles(this.controlPaths, this.control, { compatible: this.compatible });
  }

  datafile(file: number): DatafileRecord {
    const found = this.control.datafiles.find((candidate) => candidate.file === file);
    if (found === undefined)
      throw new OraError(
        1516,
        `nonexistent log file, data file, or temporary file "${file}" in the current container`,
      );
    return found;
  }

  tablespaceOf(file: { conId: number; ts: number }): TablespaceRecord {
    const found = this.control.tablespaces.find((ts) => ts.conId === file.conId && ts.ts === file.ts);
    if (found === undefined)
      throw new OraError(600, `internal error code, arguments: [tablespace ${file.ts}]`);
    return found;
  }

  /** A datafile whose blocks may be read; ORA-00376 otherwise. */
  readable(file: number): DatafileRecord {
    const record = this.datafile(file);
    if (record.status !== "ONLINE" && record.status !== "SYSTEM") throw fileError(376, record);
    return record;
  }

  /** A datafile that may be changed; ORA-00372 where its tablespace is read only. */
  writable(file: number): DatafileRecord {
    const record = this.readable(file);
    const mode = this.containerMode(record.conId);
    if (record.enabled === "READ WRITE" && mode === "READ WRITE") return record;
    if (mode === "READ ONLY")
      throw new OraError(16_000, "database or pluggable database open for read-only access");
    throw new OraError(372, `file ${file} cannot be modified at this time`, { below: [fileLine(record)] });
  }

  /** How a container is open; the root (and a non-CDB) is open as the database is. */
  containerMode(conId: number): "MOUNTED" | "READ WRITE" | "READ ONLY" {
    if (conId <= 1) return this.openMode;
    return this.pdbModes.get(conId) ?? "MOUNTED";
  }

  get resetlogs(): { scn: bigint; at: Date; priorScn: bigint; priorAt: Date | null } {
    const current = this.control.incarnations.find((incarnation) => incarnation.status === "CURRENT");
    return {
      scn: this.control.resetlogsScn,
      at: this.control.resetlogsAt,
      priorScn: current?.priorResetlogsScn ?? 0n,
      priorAt: current?.priorResetlogsAt ?? null,
    };
  }

  /** Throws away memory and open files. Nothing reaches the disk after it. */
  discard(): void {
    this.dead = true;
    this.io.open();
    this.cache.abandon();
    this.files.closeAll();
    for (const thread of this.threads.values()) thread.close();
  }
}

/** The paused half of an operation that meets a crash ends here. */
export function requireAlive(database: SimulatedDatabase): void {
  if (database.dead) throw new OraError(3113, "end-of-file on communication channel");
}
