import type { DatabaseName } from "../domain/names.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { BackfillCopy } from "../plan/archive-backfill.ts";
import type { Host } from "../ports/host.ts";
import { carryLog } from "./carry-log.ts";
import type { LogsStepOutcome } from "./logs-record.ts";
import { proveLog } from "./prove-log.ts";
import type { StandbyWay } from "./standby-way.ts";
import type { World } from "./world.ts";

/** What is wrong with one file, and not with the way to it. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  "UMB-7101",
  "UMB-7102",
  "UMB-7103",
  "UMB-7104",
  "UMB-7108",
]);

/** Copies logs into the area one after the other, each proved before and after, from wherever they lie. */
export class BackfillCopier {
  readonly #world: World;
  readonly #dbid: string;
  /** Standbys whose host failed: nobody waits for it again with each log. */
  readonly #lost = new Map<DatabaseName, string>();

  constructor(world: World, dbid: string) {
    this.#world = world;
    this.#dbid = dbid;
  }

  async copy(copy: BackfillCopy): Promise<LogsStepOutcome> {
    const { from, damaged } = copy;
    const { backupHost, databaseHost, database, signal, standbys = [] } = this.#world;
    const way = standbys.find((one) => one.database.name === from?.standby);
    if (way === undefined || way.copier !== undefined) await this.#copyOn(way?.copier ?? databaseHost, copy);
    else await this.#carry(way, copy);
    if (damaged === undefined) return {};
    await backupHost.remove(damaged, { deadlineMs: database.deadlines.statementMs, signal });
    return { note: `${damaged} was removed` };
  }

  /** A host that sees both the source and the area. */
  async #copyOn(host: Host, copy: BackfillCopy): Promise<void> {
    const { database, signal } = this.#world;
    const { source, target, blockSize, blocks } = copy;
    const options = { deadlineMs: database.deadlines.statementMs, signal };
    const head = await host.read(source, { offset: 0, length: 2 * blockSize }, options);
    proveLog(source, head, copy, this.#dbid);
    const stallMs = database.deadlines.copyStallMs;
    const request = { source, target, mode: "redo", blockSize, expectedBlocks: blocks } as const;
    const result = await host.copy({ ...request, signal, stallMs });
    try {
      proveLog(target, result.head, copy, this.#dbid, result.bytes);
    } catch (error) {
      await host.remove(target, options);
      throw error;
    }
  }

  async #carry(way: StandbyWay, copy: BackfillCopy): Promise<void> {
    const { name } = way.database;
    const lost = this.#lost.get(name);
    if (lost !== undefined) {
      throw new UmbraError("UMB-7111", { standby: name, path: copy.source, problem: lost });
    }
    try {
      await carryLog(this.#world, way, copy, this.#dbid);
    } catch (error) {
      const why = isUmbraError(error) && error.code === "UMB-7111" ? error.cause : undefined;
      if (isUmbraError(why) && !OF_THE_FILE.has(why.code)) this.#lost.set(name, why.message);
      throw error;
    }
  }
}
