import { readArchiveLook } from "../discover/archive-look.ts";
import type { AreaFile, ArchiveLook, LedgerLog } from "../domain/archive.ts";
import type { LogReport } from "../domain/log-report.ts";
import type { FilePath } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { liveLogs, ownSlot } from "../plan/archive-parameters.ts";
import { judgeLogs, type LogJudgement } from "../plan/archive-verify.ts";
import { keyText } from "../plan/expected-logs.ts";
import { eachOf } from "./each-of.ts";
import { noteHeartbeat } from "./heartbeat.ts";
import { inRoot } from "./in-root.ts";
import { readLogDirectory } from "./logs-area.ts";
import type { World } from "./world.ts";

export interface LogsVerified {
  readonly ok: true;
  readonly report: LogReport;
  /** Why the database could not be asked: the files alone told then. */
  readonly unreachable?: string;
  /** What the judgement was made from, for `backfill` and `guard`. */
  readonly look?: ArchiveLook;
  readonly files: readonly AreaFile[];
  /** Whose logs these should be; empty where nothing tells it. */
  readonly dbid: string;
}

export type LogsLook = LogsVerified | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Files looked at, or read, at once. */
const WIDTH = 8;
const DEEP_WIDTH = 2;

/**
 * What is the case with each log that the area should hold. `deep` reads every block. Changes nothing but the heartbeat.
 * Errors: UMB-7xxx where the area cannot be looked at; UMB-3101 where another database answers (rule 2).
 */
export async function verifyLogs(world: World, options: { readonly deep?: boolean } = {}): Promise<LogsLook> {
  const { database, state, backupHost } = world;
  const directory = liveLogs(database.backupArea);
  const asked = await askDatabase(world);
  const { look } = asked;
  const noted = await state.logDestinations.find(database.name);
  const since = noted && { since: { incarnation: noted.incarnation, scn: noted.sinceScn } };
  const pruned = state.logMarks.prunedTo(database.name);
  const removed = pruned && { pruned };
  const read = await readLogDirectory(world, backupHost, directory);
  if (read === undefined && noted === undefined && !pointsTo(look, directory))
    return { ok: false, refusals: [notSetUp(directory)] };
  const files = options.deep === true ? await deeply(world, read ?? []) : (read ?? []);
  const dbid = look?.dbid ?? (await rememberedDbid(world, files));
  const report = await judged(world, { files, directory, dbid, ...(look && { look }), ...since, ...removed });
  return { ok: true, report, files, dbid, ...asked };
}

function pointsTo(look: ArchiveLook | undefined, directory: FilePath): boolean {
  return look !== undefined && ownSlot(look, directory) !== undefined;
}

export function notSetUp(directory: FilePath): Refusal {
  const seen = `there is no directory ${directory}, and no archive destination points there`;
  return { code: "UMB-3147", rule: 91, seen, todo: "run `umbra logs setup` first" };
}

/** Only for logs that are not here, or not whole, is it looked where else they are. */
async function judged(
  world: World,
  facts: Omit<LogJudgement, "there" | "now" | "lagMs">,
): Promise<LogReport> {
  // Times of files are those of the storage; its clock is taken to be umbra's. A file from the future is young.
  const timed = { ...facts, now: world.clock.now(), lagMs: world.database.logs.lagMs };
  const first = judgeLogs({ ...timed, there: new Set() });
  const wanting = new Set(first.logs.filter((one) => one.class !== "good").map(keyText));
  const rows = (facts.look?.ledger ?? []).filter((row) =>
    wanting.has(keyText({ ...row, incarnation: row.resetlogsId })),
  );
  if (rows.length === 0) return first;
  return judgeLogs({ ...timed, there: await seenElsewhere(world, facts.directory, rows) });
}

async function askDatabase(world: World): Promise<Pick<LogsVerified, "look" | "unreachable">> {
  try {
    await noteHeartbeat(world);
    return { look: await inRoot(world, (db, statement) => readArchiveLook(db, statement)) };
  } catch (error) {
    if (!isUmbraError(error) || error.code === "UMB-3101" || world.signal.aborted) throw error;
    return { unreachable: error.message };
  }
}

/** Whose logs these should be, where the database does not say. */
async function rememberedDbid({ state, database }: World, files: readonly AreaFile[]): Promise<string> {
  const [newest] = await state.catalog.list(database.name);
  return database.dbid ?? newest?.dbid ?? files.find((file) => file.kind === "log")?.dbid ?? "";
}

/** Local files of other destinations that are there with their length, and those in ASM, where nobody can look. */
async function seenElsewhere(
  world: World,
  directory: FilePath,
  ledger: readonly LedgerLog[],
): Promise<ReadonlySet<FilePath>> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const there = new Set<FilePath>();
  const rows = ledger.filter((row) => isKept(row) && row.path?.startsWith(`${directory}/`) !== true);
  await eachOf(rows, WIDTH, world.signal, async ({ path, blocks, blockSize }) => {
    if (path === undefined) return;
    if (path.startsWith("+")) return void there.add(path);
    try {
      const stat = await world.databaseHost.stat(path, options);
      if (stat?.kind === "file" && stat.bytes === (blocks + 1) * blockSize) there.add(path);
    } catch (error) {
      if (!isUmbraError(error) || world.signal.aborted) throw error;
    }
  });
  return there;
}

function isKept({ archived, deleted, status, standby }: LedgerLog): boolean {
  return archived && !deleted && status === "A" && !standby;
}

/** Reads every block of the logs that are whole by their header. */
async function deeply(world: World, files: readonly AreaFile[]): Promise<readonly AreaFile[]> {
  const problems = new Map<FilePath, readonly string[]>();
  await eachOf(files, DEEP_WIDTH, world.signal, async (file, signal) => {
    if (file.kind !== "log" || file.problems.length > 0) return;
    problems.set(file.path, await blockProblems(world, file, signal));
  });
  return files.map((file) =>
    file.kind === "log"
      ? { ...file, problems: [...file.problems, ...(problems.get(file.path) ?? [])] }
      : file,
  );
}

async function blockProblems(
  world: World,
  { path, blockSize }: { readonly path: FilePath; readonly blockSize: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const stallMs = world.database.deadlines.copyStallMs;
  try {
    const { damaged, problem } = await world.backupHost.verify({
      path,
      mode: "redo",
      blockSize,
      signal,
      stallMs,
    });
    const blocks = damaged.slice(0, 3).map((one) => `block ${one.block} is damaged (${one.verdict})`);
    return problem === undefined ? blocks : [problem, ...blocks];
  } catch (error) {
    if (!(error instanceof UmbraError) || signal.aborted) throw error;
    return [error.message];
  }
}
