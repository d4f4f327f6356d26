import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ArchivedLogRecord } from "./control-file.ts";
import type { OpenInstance } from "./open-instance.ts";

/**
 * The way of archived logs to a standby with files of its own: each arrives in its directory, whole, and is noted in its
 * control file. What came while it was not mounted comes with the next log, as gaps are resolved.
 */
export class RedoTransport {
  readonly #directory: string;
  readonly #standby: () => OpenInstance;

  constructor(directory: string, standby: () => OpenInstance) {
    this.#directory = directory;
    this.#standby = standby;
  }

  ship(logs: readonly ArchivedLogRecord[]): void {
    const standby = this.#standby();
    if (standby.controlFile === undefined) return;
    mkdirSync(this.#directory, { recursive: true });
    for (const log of logs) {
      const { name } = log;
      if (name === null || !existsSync(name) || has(standby, log)) continue;
      const path = join(this.#directory, basename(name));
      copyFileSync(name, path);
      standby.registerLog({ ...log, name: path });
    }
  }
}

function has({ controlFile }: OpenInstance, log: ArchivedLogRecord): boolean {
  return (controlFile?.archivedLogs ?? []).some(
    (one) =>
      one.thread === log.thread && one.sequence === log.sequence && one.resetlogsScn === log.resetlogsScn,
  );
}
