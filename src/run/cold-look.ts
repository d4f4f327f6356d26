import { readApplyLag } from "../discover/apply-lag.ts";
import { readOpenWork } from "../discover/open-work.ts";
import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { ColdBackupMode } from "../domain/fleet.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import { ROOT } from "../domain/names.ts";
import { keptCopies } from "./kept-copies.ts";
import { readSavedState } from "./saved-state.ts";
import { unreadableFiles } from "./unreadable-files.ts";
import { whyNotThisInstance } from "./way-to-instance.ts";
import type { World } from "./world.ts";

/** Reads what a cold backup must know beside the facts. Changes nothing. */
export async function lookForCold(world: World, facts: Facts, mode: ColdBackupMode): Promise<ColdLook> {
  const { database, connector, signal } = world;
  const { connectMs, statementMs } = database.deadlines;
  const statement = { deadlineMs: statementMs, signal };
  await using db = await connector.connect({ deadlineMs: connectMs, signal, container: ROOT });
  const { saved } = await readSavedState(world, db, statement);
  const load = await readOpenWork(db, statement);
  const lag = saved.apply === undefined ? undefined : await readApplyLag(db, statement);
  const earlier = await world.state.catalog.list(database.name);
  const noPicture = await whyNoPicture(world, facts, mode);
  const wrongWay = await whyNotThisInstance(world, facts);
  return {
    saved,
    load,
    ...(lag === undefined ? {} : { applyLagSeconds: lag }),
    unreadable: await unreadableFiles(world, facts),
    refresh: world.databaseHost.forward !== undefined,
    control: world.instance !== undefined,
    ...(wrongWay === undefined ? {} : { wrongWay }),
    ...(noPicture === undefined ? {} : { noPicture }),
    kept: await keptCopies(world, facts, earlier),
    ...measuredBefore(earlier),
  };
}

/** The storage is asked by trying, so it is only asked where the answer counts. */
async function whyNoPicture(
  { picture, database, signal }: World,
  facts: Facts,
  mode: ColdBackupMode,
): Promise<string | undefined> {
  if (mode !== "auto" && mode !== "snapshot") return "it was not asked for";
  if (picture === undefined) return "no storage with snapshots or reflinks is configured for them";
  const files = facts.datafiles.map((file) => file.path);
  return await picture.whyNot(files, { deadlineMs: database.deadlines.statementMs, signal });
}

/** What earlier cold backups took, the newest first. */
function measuredBefore(entries: readonly CatalogEntry[]): Pick<ColdLook, "lastDowntimeMs" | "measuredRate"> {
  const cold = entries.flatMap((entry) => entry.cold ?? []);
  const measuredRate = cold.find((one) => one.bytesPerSecond !== undefined)?.bytesPerSecond;
  const lastDowntimeMs = Object.fromEntries(cold.toReversed().map((one) => [one.mode, one.downtimeMs]));
  return { lastDowntimeMs, ...(measuredRate === undefined ? {} : { measuredRate }) };
}
