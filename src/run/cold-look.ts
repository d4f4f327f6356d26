import { readApplyLag } from "../discover/apply-lag.ts";
import { readOpenWork } from "../discover/open-work.ts";
import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { ColdBackupMode } from "../domain/fleet.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import { ROOT } from "../domain/names.ts";
import { keptCopies, manifestOf } from "./kept-copies.ts";
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
    ...(await measuredRate(world, earlier)),
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

/** Bytes per second of the last cold backup that copied everything while the database was down. */
async function measuredRate(
  world: World,
  entries: readonly CatalogEntry[],
): Promise<{ readonly measuredRate?: number }> {
  for (const entry of entries) {
    const manifest = entry.kind === "cold" ? await manifestOf(world, entry) : undefined;
    if (manifest?.kind !== "cold" || manifest.cold.mode !== "plain" || manifest.cold.copySeconds < 1)
      continue;
    return { measuredRate: manifest.cold.copiedBytes / manifest.cold.copySeconds };
  }
  return {};
}
