import type { FilePath, StepId } from "../domain/names.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import { below } from "../plan/backup-layout.ts";
import type { LogsRecord } from "./logs-record.ts";
import type { World } from "./world.ts";

/** No other part of umbra, and no archiver, gives such names: nobody removes one while it grows. */
const PART = /^\.umbra-[0-9a-f]{16}\.incoming$/u;
const RANDOM_BYTES = 8;

/** A name for a log that is not whole yet. A new one each time: what a dead run still writes is never this one's. */
export function newLogPart({ random, database }: Pick<World, "random" | "database">): FilePath {
  const name = `.umbra-${Buffer.from(random(RANDOM_BYTES)).toString("hex")}.incoming`;
  return below(liveLogs(database.backupArea), name);
}

/** What a killed run left in the log directory. Whoever brings logs holds their lock: with it, all of them are left. */
export async function leftLogParts(
  world: Pick<World, "backupHost" | "database" | "signal">,
): Promise<readonly FilePath[]> {
  const { backupHost, database, signal } = world;
  const directory = liveLogs(database.backupArea);
  const options = { deadlineMs: database.deadlines.statementMs, signal };
  const names = (await backupHost.list(directory, options)) ?? [];
  return names.filter((name) => PART.test(name)).map((name) => below(directory, name));
}

/** With the lock held. */
export async function removeLeftLogParts(world: World, record: LogsRecord): Promise<void> {
  const { backupHost, database, signal } = world;
  const options = { deadlineMs: database.deadlines.statementMs, signal };
  for (const part of await leftLogParts(world)) {
    const id = `logs:remove:${part.slice(part.lastIndexOf("/") + 1)}` as StepId;
    await record.step(id, `remove ${part}, which a killed run left`, async () => {
      await backupHost.remove(part, options);
      return {};
    });
  }
}
