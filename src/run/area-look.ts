import type { AreaCopy, AreaLook } from "../domain/area-look.ts";
import { liveId } from "../domain/journal.ts";
import type { Facts } from "../domain/facts.ts";
import type { RefreshedManifest } from "../domain/manifest.ts";
import type { RefreshOptions } from "../domain/plan.ts";
import { type FilePath, ROOT } from "../domain/names.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { readDatafileHeader } from "../formats/datafile-header.ts";
import { readRmanCopies } from "../discover/rman-copies.ts";
import { rmanTag } from "../plan/rman-parents.ts";
import { areaLayout, identityInName } from "../plan/area-layout.ts";
import { below } from "../plan/backup-layout.ts";
import type { HostOptions } from "../ports/host.ts";
import { eachOf } from "./each-of.ts";
import { lookForLists } from "./listed-look.ts";
import { readManifest } from "./read-manifest.ts";
import type { World } from "./world.ts";

/** Two blocks of the largest size that datafiles have. */
const HEAD_BYTES = 65_536;
const WIDTH = 8;

/**
 * As `lookAtArea`, where the datafiles' storages list changes, if that is wanted, and what snapshots of the area would
 * cost where a refresh takes them. A storage that cannot be asked
 * now is no reason not to plan.
 */
export async function lookForRefresh(
  world: World,
  { datafiles }: Pick<Facts, "datafiles">,
  { find }: RefreshOptions,
): Promise<AreaLook> {
  const { database, signal, snapshots } = world;
  const { engine, find: usual } = database.refresh;
  const area = await lookAtArea(world);
  const isListed = engine === "blocks" && (find === "list" || usual === "list");
  const look = isListed ? { ...area, listed: await lookForLists(world, datafiles) } : area;
  if (look.state !== "used" || database.refresh.snapshot === "none") return look;
  try {
    const isInstant = await snapshots?.areInstant?.({ deadlineMs: database.deadlines.statementMs, signal });
    return isInstant === false ? { ...look, fullCopies: true } : look;
  } catch (error) {
    if (!isUmbraError(error) || signal.aborted) throw error;
    return look;
  }
}

/** The live area as it lies there. Changes nothing. Errors: UMB-7xxx of its host. */
export async function lookAtArea(world: World): Promise<AreaLook> {
  const { backupHost, database, signal, state, databaseHost, snapshots } = world;
  const options = { deadlineMs: database.deadlines.statementMs, signal };
  const { directory, data, logs, marker } = areaLayout(database.backupArea);
  const names = await backupHost.list(directory, options);
  const can = {
    canRefresh: databaseHost.refresh !== undefined,
    canSnapshot: snapshots !== undefined,
    ...(await knownToRman(world)),
  };
  const nothing = { copies: [], damaged: false, ...can };
  if (names === undefined) return { state: "absent", ...nothing };
  // The archiver may have been told to send logs here before there is anything else.
  const others = names.filter((name) => !name.startsWith(".") && name !== lastName(logs));
  if (others.length === 0) return { state: "empty", ...nothing };
  if (!names.includes(lastName(marker))) return { state: "foreign", ...nothing };
  const entry = await state.catalog.get(liveId(database.name));
  return {
    state: "used",
    ...(await manifestIn(world)),
    copies: await copiesIn(world, data, options),
    damaged: entry?.verdict === "damaged",
    ...can,
  };
}

/** Nothing is asked where RMAN is not the engine, or could not be run. */
async function knownToRman(world: World): Promise<Pick<AreaLook, "rman">> {
  const { database, connector, signal, rman } = world;
  if (database.refresh.engine !== "rman" || rman === undefined) return {};
  const { connectMs, statementMs } = database.deadlines;
  await using db = await connector.connect({ container: ROOT, deadlineMs: connectMs, signal });
  return { rman: await readRmanCopies(db, rmanTag(database), { deadlineMs: statementMs, signal }) };
}

async function manifestIn(
  world: World,
): Promise<{ readonly manifest?: RefreshedManifest; readonly problem?: string }> {
  const { database } = world;
  const read = await readManifest(world, areaLayout(database.backupArea).manifest);
  if (read === undefined) return {};
  if (!read.ok) return { problem: read.problem };
  const { manifest } = read;
  if (manifest.kind !== "refreshed") return { problem: `it is of a ${manifest.kind} backup` };
  if (manifest.database !== database.name) return { problem: `it is of database ${manifest.database}` };
  return { manifest };
}

async function copiesIn(world: World, data: FilePath, options: HostOptions): Promise<readonly AreaCopy[]> {
  const { backupHost: host, signal } = world;
  const names = (await host.list(data, options)) ?? [];
  const copies: AreaCopy[] = [];
  await eachOf(names, WIDTH, signal, async (name) => {
    const identity = identityInName(name);
    if (identity === undefined) return;
    const path = below(data, name);
    const stat = await host.stat(path, options);
    if (stat?.kind !== "file") return;
    const head = await host.read(path, { offset: 0, length: HEAD_BYTES }, options);
    copies.push({ name: `data/${name}`, bytes: stat.bytes, ...identity, header: headerOf(head) });
  });
  return copies.toSorted((a, b) => a.file - b.file || (a.name < b.name ? -1 : 1));
}

function headerOf(head: Buffer): AreaCopy["header"] {
  const read = readDatafileHeader(head);
  if (!read.ok) return { problem: read.reason };
  const { dbid, file, creationScn, blockSize, checkpoint } = read.value;
  return { dbid, file, creationScn, blockSize, checkpointScn: checkpoint.scn };
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
