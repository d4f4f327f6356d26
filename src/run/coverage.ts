import { coverage } from "../coverage/coverage.ts";
import { momentOf } from "../coverage/scn-at.ts";
import { logsOfManifest, sourceOfManifest } from "../coverage/source-of-manifest.ts";
import { threadsOfLogs, type ThreadSign } from "../coverage/threads-of-logs.ts";
import { threadsOfManifests } from "../coverage/threads-of-manifests.ts";
import { readWaitingLogs } from "../discover/archive-look.ts";
import { readArchivedLogs } from "../discover/archived-logs.ts";
import { readIdentity } from "../discover/identity.ts";
import { readIncarnations } from "../discover/incarnations.ts";
import { readThreads } from "../discover/threads.ts";
import type { CoverageReport } from "../domain/coverage-report.ts";
import type {
  CoverageInput,
  Incarnation,
  IncarnationCoverage,
  RedoLog,
  RestoreSource,
} from "../domain/coverage.ts";
import type { ArchivedLogFacts } from "../domain/facts.ts";
import { type CatalogEntry, liveId } from "../domain/journal.ts";
import type { Manifest } from "../domain/manifest.ts";
import { ROOT } from "../domain/names.ts";
import { formatScn, maxScn, minScn, scn, type Scn } from "../domain/scn.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import { layoutBelow } from "../plan/backup-layout.ts";
import type { CallOptions } from "../ports/database.ts";
import type { ScnOfIncarnation } from "../state/heartbeats.ts";
import { copiesPresent } from "./copies-present.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import { logPool, redoOf } from "./logs-pool.ts";
import { readManifest } from "./read-manifest.ts";
import type { World } from "./world.ts";

/**
 * What can be restored of the database now, from the backups of the catalog whose files are there. Works without the
 * database, and then says that it did. Changes nothing but the heartbeat in umbra's own state.
 * Errors: UMB-7xxx where the backup area cannot be looked at; UMB-3101 where another database answers.
 */
export async function coverageReport(world: World): Promise<CoverageReport> {
  const { database, state, clock } = world;
  const { input, unreachable } = await coverageGround(world);
  const result = coverage(input);
  const beats = state.heartbeats.around(database.name, endsOf(result));
  const at = clock.now();
  const now = result.find((one) => one.incarnation === input.current.incarnation);
  const last = maxScn((now?.covered ?? []).map((one) => one.to));
  const newest = last === undefined ? undefined : momentOf(beats, input.current.incarnation, last).notBefore;
  return {
    database: database.name,
    at,
    incarnations: input.incarnations,
    coverage: result,
    current: input.current,
    ...(unreachable === undefined ? {} : { unreachable }),
    momentOf: (incarnation, value) => momentOf(beats, incarnation, value),
    ...(newest === undefined ? {} : { achievedRpoSeconds: Math.max(0, Math.round((at - newest) / 1000)) }),
  };
}

/** SCNs whose moments are told. */
function endsOf(result: readonly IncarnationCoverage[]): readonly ScnOfIncarnation[] {
  return result.flatMap(({ incarnation, covered, holes, ways }) =>
    [...covered, ...holes, ...ways].flatMap(({ from, to }) => [
      { incarnation, scn: from },
      { incarnation, scn: to },
    ]),
  );
}

/** What coverage is computed from; for those who ask what it would be without some of the backups. */
export interface CoverageGround {
  readonly input: CoverageInput;
  /** By the ids of the catalog; absent where one could not be read. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** Why the database could not be asked. */
  readonly unreachable?: string;
}

/** Errors: as `coverageReport`. */
export async function coverageGround(world: World): Promise<CoverageGround> {
  const backups = await readBackups(world);
  const found = await askDatabase(world, lowestNeed(backups));
  const archived = await logsBeside(world, backups);
  return {
    input: inputOf(backups, archived, "unreachable" in found ? undefined : found),
    manifests: new Map(
      backups.flatMap(({ source, manifest }) => (manifest === undefined ? [] : [[source.id, manifest]])),
    ),
    ...("unreachable" in found ? { unreachable: found.unreachable } : {}),
  };
}

interface ReadBackup {
  readonly source: RestoreSource;
  readonly logs: readonly RedoLog[];
  readonly manifest?: Manifest;
}

/** The oldest first. */
async function readBackups(world: World): Promise<readonly ReadBackup[]> {
  const entries = await world.state.catalog.list(world.database.name);
  const backups: ReadBackup[] = [];
  for (const entry of entries.toReversed()) backups.push(await readBackup(world, entry));
  return backups;
}

async function readBackup(world: World, entry: CatalogEntry): Promise<ReadBackup> {
  const read = await readManifest(world, layoutBelow(entry.directory).manifest);
  if (read?.ok !== true) {
    return {
      source: lostSource(entry, read === undefined ? "its manifest is gone" : read.problem),
      logs: [],
    };
  }
  const { manifest } = read;
  const { missing, logs } = await copiesPresent(world, manifest, entry.directory);
  const source = sourceOfManifest(manifest, problemOf(world, entry, manifest, missing), entry.id);
  if (manifest.kind !== "refreshed") {
    return { source, manifest, logs: logsOfManifest({ ...manifest, logs }, entry.id) };
  }
  return { source, manifest, logs: await deliveredLogs(world, entry, manifest) };
}

/**
 * The archiver delivers logs into a live area all the time; a snapshot holds what was there. Their headers tell: the
 * manifest knew fewer, and names are not trusted.
 */
async function deliveredLogs(
  world: World,
  { id, directory }: CatalogEntry,
  { identity }: Manifest,
): Promise<readonly RedoLog[]> {
  const logs = await logPool(world, layoutBelow(directory).logs, identity.dbid);
  return logs.map((log) => redoOf(log, id));
}

/** Logs that come into a live area in which there are no copies yet: they serve all other backups. */
async function logsBeside(world: World, backups: readonly ReadBackup[]): Promise<readonly RedoLog[]> {
  const live = liveId(world.database.name);
  const newest = backups.findLast((one) => one.manifest !== undefined)?.manifest;
  const isRead = backups.some(({ source, manifest }) => source.id === live && manifest !== undefined);
  if (isRead || newest === undefined) return [];
  const logs = await logPool(world, liveLogs(world.database.backupArea), newest.identity.dbid);
  return logs.map((log) => redoOf(log, live));
}

function problemOf(
  { database }: World,
  entry: CatalogEntry,
  { identity }: Manifest,
  missing: readonly string[],
): string | undefined {
  if (missing.length > 0) return `not there: ${missing.join(", ")}`;
  if (database.dbid !== undefined && identity.dbid !== database.dbid) return `it is of DBID ${identity.dbid}`;
  return entry.verdict === "damaged" ? "verification found it damaged" : undefined;
}

/** All that the catalog still knows of a backup whose manifest cannot be read. Its incarnation is found by its SCN. */
function lostSource(entry: CatalogEntry, unusable: string): RestoreSource {
  const from = scn(BigInt(entry.minimumRecoveryScn));
  const files = [{ file: 0, creationScn: scn(0), checkpointScn: from, usableFrom: from }];
  return { id: entry.id, incarnation: begunAt(entry.resetlogsScn), files, unusable };
}

function begunAt(resetlogsScn: string): string {
  return `resetlogs SCN ${resetlogsScn}`;
}

function withIncarnation(source: RestoreSource, incarnations: readonly Incarnation[]): RestoreSource {
  const found = incarnations.find(
    ({ resetlogsScn }) => begunAt(formatScn(resetlogsScn)) === source.incarnation,
  );
  return found === undefined ? source : { ...source, incarnation: found.id };
}

function lowestNeed(backups: readonly ReadBackup[]): Scn {
  return minScn(backups.flatMap((one) => one.source.files.map((file) => file.checkpointScn))) ?? scn(0);
}

interface Asked {
  readonly incarnations: readonly Incarnation[];
  readonly current: CoverageInput["current"];
  readonly elsewhere: readonly RedoLog[];
  /** Of threads that are enabled. */
  readonly online: readonly ThreadSign[];
}

async function askDatabase(world: World, fromScn: Scn): Promise<Asked | { readonly unreachable: string }> {
  const { connectMs, statementMs } = world.database.deadlines;
  const statement: CallOptions = { deadlineMs: statementMs, signal: world.signal };
  try {
    await noteHeartbeat(world);
    await using db = await world.connector.connect({ ...statement, deadlineMs: connectMs, container: ROOT });
    const identity = await readIdentity(db, statement);
    const { resetlogsScn, resetlogsId, currentScn } = identity;
    const incarnations = await readIncarnations(db, statement);
    const own = liveLogs(world.database.backupArea);
    const logs = await readArchivedLogs(db, { resetlogsScn, fromScn }, statement);
    const enabled = (await readThreads(db, statement)).filter((one) => one.enabled !== "DISABLED");
    const online = await readWaitingLogs(db, statement);
    return {
      online: online
        .filter((log) => log.sequence > 0 && enabled.some((one) => one.thread === log.thread))
        .map(({ thread, sequence, firstScn }) => ({ incarnation: resetlogsId, thread, sequence, firstScn })),
      incarnations,
      current: { incarnation: resetlogsId, scn: currentScn },
      // What umbra's own destination has is looked at, not believed.
      elsewhere: logs.filter((log) => isThere(log) && !log.path.startsWith(`${own}/`)).map(redoLog),
    };
  } catch (error) {
    if (!isUmbraError(error) || error.code === "UMB-3101" || world.signal.aborted) throw error;
    return { unreachable: error.message };
  }
}

function isThere({ archived, deleted, status }: ArchivedLogFacts): boolean {
  return archived && !deleted && status === "A";
}

function redoLog({ resetlogsId, thread, sequence, firstScn, nextScn, path }: ArchivedLogFacts): RedoLog {
  return { incarnation: resetlogsId, thread, sequence, firstScn, nextScn, places: [path] };
}

function inputOf(
  backups: readonly ReadBackup[],
  archived: readonly RedoLog[],
  asked: Asked | undefined,
): CoverageInput {
  const manifests = backups.flatMap((one) => one.manifest ?? []);
  const incarnations = asked?.incarnations ?? incarnationsOf(manifests);
  const sources = backups.map((one) => withIncarnation(one.source, incarnations));
  const logs = merged([...backups.flatMap((one) => one.logs), ...archived]);
  const threads = threadsOfManifests(manifests);
  const signs = [...logs, ...(asked?.elsewhere ?? []), ...(asked?.online ?? [])];
  return {
    incarnations,
    threads: [...threads, ...threadsOfLogs(threads, signs)],
    sources,
    logs,
    current: asked?.current ?? newestOf(manifests),
    ...(asked === undefined ? {} : { elsewhere: asked.elsewhere }),
  };
}

/** One entry for each log, with all the places where it lies. */
function merged(logs: readonly RedoLog[]): readonly RedoLog[] {
  const byKey = new Map<string, RedoLog>();
  for (const log of logs) {
    const key = `${log.incarnation}/${log.thread}/${log.sequence}/${log.firstScn}/${log.nextScn}`;
    const places = [...(byKey.get(key)?.places ?? []), ...log.places];
    byKey.set(key, { ...log, places });
  }
  return [...byKey.values()];
}

/** Without the database nobody tells which incarnation came from which: each stands for itself. */
function incarnationsOf(manifests: readonly Manifest[]): readonly Incarnation[] {
  const found = new Map(
    manifests.map(({ identity }) => [identity.resetlogsId, scn(BigInt(identity.resetlogsScn))]),
  );
  return [...found].map(([id, resetlogsScn]) => ({ id, resetlogsScn }));
}

function newestOf(manifests: readonly Manifest[]): CoverageInput["current"] {
  const newest = manifests.at(-1);
  if (newest === undefined) return { incarnation: "", scn: scn(0) };
  return { incarnation: newest.identity.resetlogsId, scn: scn(BigInt(newest.scns.recoverableTo)) };
}
