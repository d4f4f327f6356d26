import { closeSync, mkdirSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { toOracleTime } from "../files/oracle-time.ts";
import { decodeRedoHeader, redoOsHeader } from "../files/redo-file.ts";
import type { ArchiveDestinationView } from "./api.ts";
import { type BackgroundProcess, runInBackground } from "./background.ts";
import type { LogGroupRecord } from "./control-file.ts";
import { OraError } from "../engine/ora-error.ts";
import { requireAlive, type SimulatedDatabase } from "./database.ts";
import { type ArchiveDestination, archiveDestinations, archivedLogName } from "./parameters.ts";

interface DestinationState {
  error: string | null;
  failures: number;
  failSequence: number;
  retryAt: number;
}

const CHUNK_BLOCKS = 2048;

/** ARCH: copies every switched log to every destination, remembers which could not be reached, and tries again. */
export class Archiver {
  private readonly database: SimulatedDatabase;
  private readonly parameters: () => ReadonlyMap<string, string>;
  private readonly home: string;
  private readonly states = new Map<number, DestinationState>();
  /** As each destination was when its state was last looked at. */
  private readonly attributes = new Map<number, string>();
  private process: BackgroundProcess | undefined;
  private stopping = false;
  /** A log that no required destination took: new sessions get ORA-00257. */
  stuck = false;

  constructor(database: SimulatedDatabase, parameters: () => ReadonlyMap<string, string>, home: string) {
    this.database = database;
    this.parameters = parameters;
    this.home = home;
  }

  start(): void {
    this.stopping = false;
    this.process = runInBackground(this.database, "ARC0", () => this.round());
    this.database.wake.archiver = () => this.process?.wake();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process?.stop();
  }

  get views(): ArchiveDestinationView[] {
    return this.destinations.map((destination) => {
      const state = this.states.get(destination.id);
      return {
        id: destination.id,
        destination: destination.location,
        binding: destination.mandatory ? "MANDATORY" : "OPTIONAL",
        status: destination.enabled ? ((state?.error ?? null) === null ? "VALID" : "ERROR") : "DEFERRED",
        reopenSeconds: destination.reopenSeconds,
        failureCount: state?.failures ?? 0,
        failSequence: state?.failSequence ?? 0,
        error: state?.error ?? null,
      };
    });
  }

  private get destinations(): ArchiveDestination[] {
    const all = archiveDestinations(this.parameters(), this.home);
    // One that is set anew, or enabled again, begins anew.
    for (const destination of all) {
      const { id, enabled } = destination;
      const attributes = JSON.stringify(destination);
      if (!enabled || this.attributes.get(id) !== attributes) this.states.delete(id);
      this.attributes.set(id, attributes);
    }
    return all;
  }

  /** ARCHIVE LOG ALL: every log that is full and waits. Without an open database nobody else archives. */
  async archiveWaiting(): Promise<void> {
    if (this.waiting.length === 0) throw new OraError(271, "there are no logs that need archiving");
    while (this.waiting.length > 0) {
      if (this.process === undefined) {
        await this.round();
        const [left] = this.waiting;
        if (left !== undefined)
          throw new OraError(
            16_014,
            `log ${left.group} sequence# ${left.sequence} not archived, no available destinations`,
          );
      } else {
        this.process.wake();
        await this.database.hooks.idle();
        requireAlive(this.database);
      }
    }
  }

  /** Logs that wait, oldest first. */
  private get waiting(): LogGroupRecord[] {
    if (this.database.control.logMode === "NOARCHIVELOG") return [];
    return this.database.control.logGroups
      .filter((group) => !group.archived && (group.status === "ACTIVE" || group.status === "INACTIVE"))
      .toSorted((a, b) => (a.firstScn < b.firstScn ? -1 : 1));
  }

  private async round(): Promise<"idle" | "more"> {
    for (const group of this.waiting) await this.archive(group);
    return this.waiting.length > 0 ? "more" : "idle";
  }

  private async archive(group: LogGroupRecord): Promise<void> {
    const { sequence } = group;
    const destinations = this.destinations.filter((destination) => destination.enabled);
    let copies = 0;
    let missing = 0;
    for (const destination of destinations) {
      const done = this.isArchived(group, destination.id) || (await this.tryCopy(group, destination));
      if (this.database.dead || group.sequence !== sequence) return;
      if (done) copies += 1;
      else if (destination.mandatory) missing += 1;
    }
    const needed = Number(this.parameters().get("log_archive_min_succeed_dest") ?? 1);
    this.stuck = missing > 0 || copies < needed;
    if (this.stuck) return;
    group.archived = true;
    if (this.database.io.suspended) await this.database.io.passed();
    this.database.writeControl();
    this.database.alert.note(`Archived Log entry added for T-${group.thread}.S-${sequence}`);
  }

  private isArchived(group: LogGroupRecord, destId: number): boolean {
    return this.database.control.archivedLogs.some(
      (log) =>
        log.destId === destId &&
        log.thread === group.thread &&
        log.sequence === group.sequence &&
        log.resetlogsScn === this.database.control.resetlogsScn,
    );
  }

  private async tryCopy(group: LogGroupRecord, destination: ArchiveDestination): Promise<boolean> {
    const state = this.states.get(destination.id) ?? {
      error: null,
      failures: 0,
      failSequence: 0,
      retryAt: 0,
    };
    this.states.set(destination.id, state);
    const now = this.database.hooks.now().getTime();
    if (state.error !== null && now < state.retryAt) return false;
    try {
      await this.copy(group, destination);
      if (state.error !== null)
        this.database.alert.note(`Archiver: destination ${destination.id} is working again`);
      state.error = null;
      return !this.database.dead;
    } catch (error) {
      state.error = errorText(error);
      state.failures += 1;
      state.failSequence = group.sequence;
      state.retryAt = now + destination.reopenSeconds * 1000;
      this.database.alert.note(
        `ARC0: Error archiving log ${group.group} to '${destination.location}'`,
        state.error,
        `ORA-16038: log ${group.group} sequence# ${group.sequence} cannot be archived`,
      );
      return false;
    }
  }

  /** Written under its final name, as the real archiver does: who looks too early sees half a log. */
  private async copy(group: LogGroupRecord, destination: ArchiveDestination): Promise<void> {
    await this.passFaults(destination);
    const { control } = this.database;
    const resetlogsId = toOracleTime(control.resetlogsAt);
    const format = this.parameters().get("log_archive_format") ?? "%t_%s_%r.dbf";
    const name = archivedLogName(format, { ...group, resetlogsId, dbid: control.dbid });
    const path = join(destination.location, name);
    mkdirSync(destination.location, { recursive: true });
    const blocks = await this.copyBlocks(group, path);
    if (this.database.dead) return;
    const now = this.database.hooks.now();
    control.archivedLogs.push({
      recid: (control.archivedLogs.at(-1)?.recid ?? 0) + 1,
      destId: destination.id,
      name: path,
      thread: group.thread,
      sequence: group.sequence,
      resetlogsScn: control.resetlogsScn,
      resetlogsAt: control.resetlogsAt,
      firstScn: group.firstScn,
      firstAt: group.firstAt ?? now,
      nextScn: group.nextScn ?? 0n,
      nextAt: now,
      blocks,
      blockSize: group.blockSize,
      archived: true,
      deleted: false,
      status: "A",
      completedAt: now,
    });
    this.database.hooks.archived?.(control.archivedLogs);
  }

  /** Blocks without block 0, as v$archived_log counts them. */
  private async copyBlocks(group: LogGroupRecord, path: string): Promise<number> {
    const { blockSize } = group;
    const [member = ""] = group.members.filter(
      (candidate) => statSync(candidate, { throwIfNoEntry: false }) !== undefined,
    );
    const from = openSync(member, "r");
    const to = openSync(path, "w");
    try {
      const headerBlock = Buffer.alloc(blockSize);
      readSync(from, headerBlock, 0, blockSize, blockSize);
      const nab = decodeRedoHeader(headerBlock)?.nab ?? 2;
      writeSync(to, redoOsHeader(blockSize, nab - 1), 0, blockSize, 0);
      for (let block = 1; block < nab; block += CHUNK_BLOCKS) {
        const chunk = Buffer.alloc(Math.min(CHUNK_BLOCKS, nab - block) * blockSize);
        readSync(from, chunk, 0, chunk.length, block * blockSize);
        writeSync(to, chunk, 0, chunk.length, block * blockSize);
        await this.database.hooks.pause();
        if (this.database.dead) return 0;
      }
      return nab - 1;
    } finally {
      closeSync(from);
      closeSync(to);
    }
  }

  private async passFaults(destination: ArchiveDestination): Promise<void> {
    const { faults, idle } = this.database.hooks;
    for (
      let fault = faults.archiveFault?.(destination);
      fault !== undefined;
      fault = faults.archiveFault?.(destination)
    ) {
      if (fault !== "hang") throw new Error(`ORA-${String(fault.code).padStart(5, "0")}: ${fault.text}`);
      // A destination that hangs does not keep the instance from its shutdown.
      if (this.database.dead || this.stopping)
        throw new Error("ORA-16014: log not archived, no available destinations");
      // Nor does it hold up the archiver any more when it is deferred.
      if (!this.destinations.some(({ id, enabled }) => id === destination.id && enabled))
        throw new Error("ORA-16014: log not archived, the destination was deferred");
      await idle();
    }
  }
}

function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (text.startsWith("ORA-")) return text;
  return text.includes("ENOSPC")
    ? "ORA-19502: write error, no space left on device"
    : "ORA-19504: failed to create file";
}
