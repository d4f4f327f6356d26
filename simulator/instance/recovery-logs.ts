import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { toOracleTime } from "../files/oracle-time.ts";
import { OraError } from "../engine/ora-error.ts";
import type { InstanceProfile } from "./api.ts";
import { onlineLogs } from "./crash-recovery.ts";
import type { SimulatedDatabase } from "./database.ts";
import { archiveDestinations, archivedLogName } from "./parameters.ts";
import { identifyLog, type LogFile } from "./redo-files.ts";
import type { LogSource } from "./redo-merge.ts";
import { line } from "./refusals.ts";

export interface RecoveryContext {
  readonly database: SimulatedDatabase;
  readonly parameters: ReadonlyMap<string, string>;
  readonly home: string;
  readonly profile: Pick<InstanceProfile, "edition">;
}

/**
 * Where media recovery finds logs: the folder named in FROM, then the archive destinations. Online logs are read only
 * where the control file is the current one; a backup control file does not know which of them belong to it.
 */
export class RecoveryLogs implements LogSource {
  private readonly context: RecoveryContext;
  private readonly folders: readonly string[];
  private readonly online: LogSource | undefined;
  private readonly archived: LogFile[];

  constructor(context: RecoveryContext, from: string | undefined, useOnline: boolean) {
    this.context = context;
    const destinations = archiveDestinations(context.parameters, context.home).map(
      (destination) => destination.location,
    );
    this.folders = [...new Set([...(from === undefined ? [] : [from]), ...destinations])];
    this.online = useOnline ? onlineLogs(context.database) : undefined;
    this.archived = this.folders.flatMap((folder) => logsIn(folder)).filter((log) => this.isOurs(log));
  }

  /** The logs of a thread in order; of two with the same sequence the first found counts. */
  ofThread(thread: number): LogFile[] {
    const found = new Map<number, LogFile>();
    for (const log of this.archived) {
      const { sequence } = log.header;
      if (log.header.thread === thread && !found.has(sequence)) found.set(sequence, log);
    }
    return [...found.values()].toSorted((a, b) => a.header.sequence - b.header.sequence);
  }

  find(thread: number, sequence: number): LogFile | undefined {
    const archived = this.archived.find(
      (log) => log.header.thread === thread && log.header.sequence === sequence,
    );
    if (archived !== undefined) return complete(archived);
    const online = this.online?.find(thread, sequence);
    if (online === undefined) this.refuseImpostor(thread, sequence);
    return online;
  }

  isLast(log: LogFile): boolean {
    return this.online !== undefined && this.online.isLast(log) && !this.archived.includes(log);
  }

  /** The name under which a log is expected: what ORA-00289 suggests. */
  suggestion(thread: number, sequence: number): string {
    const { control } = this.context.database;
    const format = this.context.parameters.get("log_archive_format") ?? "%t_%s_%r.dbf";
    const name = archivedLogName(format, {
      thread,
      sequence,
      resetlogsId: toOracleTime(control.resetlogsAt),
      dbid: control.dbid,
    });
    return join(this.folders[0] ?? "", name);
  }

  private isOurs(log: LogFile): boolean {
    const { control } = this.context.database;
    return log.header.dbid === control.dbid && log.header.resetlogsScn === control.resetlogsScn;
  }

  /** A file lies where the log should, but it is not that log. */
  private refuseImpostor(thread: number, sequence: number): void {
    const path = this.suggestion(thread, sequence);
    if (!existsSync(path)) return;
    const below = [line(334, `archived log: '${path}'`)];
    const found = identifyLog(path);
    if (found === undefined) throw new OraError(367, "checksum error in log file header", { below });
    if (!this.isOurs(found))
      throw new OraError(
        342,
        `archived log does not have expected resetlogs SCN ${this.context.database.control.resetlogsScn}`,
        { below },
      );
    throw new OraError(
      310,
      `archived log contains sequence ${found.header.sequence}; sequence ${sequence} required`,
      { below },
    );
  }
}

function logsIn(folder: string): LogFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .toSorted()
    .flatMap((name) => identifyLog(join(folder, name)) ?? []);
}

/** ORA-00332 for a log that was cut off, ORA-00333 class for one whose end was never written. */
function complete(log: LogFile): LogFile {
  const below = [line(334, `archived log: '${log.path}'`)];
  const small = (): OraError =>
    new OraError(332, "archived log is too small - may be incompletely archived", { below });
  if (log.header.nextScn === null) throw small();
  if (statSync(log.path).size < log.header.nab * log.header.blockSize) throw small();
  return log;
}
