import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { forkSimulator, type ForkedSimulator } from "../simulator/doors/forked.ts";
import { formatBytes } from "../src/domain/human.ts";
import { type AgentSetting, configureAgent, umbra } from "./agent.ts";
import { chooseTarget } from "./choose-target.ts";
import type { Coverage, Listed, Refreshed, RetentionPlan } from "./keeping-reports.ts";
import type { Narrator } from "./narrator.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { verdictOf } from "./verdict.ts";

export interface RefreshDemo {
  readonly bytes: number;
  readonly operationsPerSecond: number;
  /** At least so many rows are changed before each refresh. */
  readonly changesBetween: number;
  /** Chooses what is restored. */
  readonly seed: number;
}

const DEFAULTS: RefreshDemo = {
  bytes: 40 * 1_048_576,
  operationsPerSecond: 400,
  changesBetween: 400,
  seed: 7,
};
const ROUNDS = 3;
const LOAD_DEADLINE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/**
 * One set of copies of a live database, brought forward three times, each time after a snapshot; what can be restored
 * then, one point of it restored from an old snapshot and compared, and what retention would keep.
 */
export async function refreshDemo(directory: string, tell: Narrator, options: Partial<RefreshDemo> = {}) {
  const demo = { ...DEFAULTS, ...options };
  tell.chapter("A live database");
  await using production = await startProduction(directory, demo, tell);
  const setting = agentFor(directory, production);
  const say = async (...args: readonly string[]) => tell.say((await umbra(setting, ...args)).trimEnd());

  tell.chapter("A backup area for it, which its archived logs come into");
  await say("setup", "DEMO");

  tell.chapter("The baseline: the only full copies that are ever made");
  await say("baseline", "DEMO", "--parallel", "2");
  for (let round = 1; round <= ROUNDS; round += 1) {
    tell.chapter(`Refresh ${round}: a snapshot of the copies, then only what changed is written`);
    await changes(production, demo, tell);
    const refresh = ["backup", "refresh", "DEMO", "--parallel", "2"];
    // The others would say the same again.
    if (round === 1) await say(...refresh);
    else tell.say(refreshedText(await asked<Refreshed>(setting, ...refresh)));
  }
  await production.stopWorkload({ commit: true });
  await say("snapshot", "list", "DEMO");

  tell.chapter("What can be restored now");
  const [coverage] = await Promise.all([
    asked<Coverage>(setting, "coverage", "DEMO"),
    say("coverage", "DEMO"),
  ]);
  const { backups } = await asked<Listed>(setting, "list", "DEMO");
  const snapshots = backups.filter((one) => one.snapshot !== undefined);
  const holes = holesIn(coverage);
  tell.say(`Holes between the snapshots: ${holes}.`);

  tell.chapter("Any point of it: an old snapshot, with logs that came later");
  const target = chooseTarget({ snapshots, coverage, seed: demo.seed });
  tell.say(`Seed ${demo.seed} chose SCN ${target.scn}, from ${target.snapshot.id}.`);
  const compared = await restoreSnapshot({ directory, production, backups, target, tell });
  tell.say(verdictOf(compared));

  tell.chapter("What retention would keep");
  const [{ objects }] = await Promise.all([
    asked<RetentionPlan>(setting, "retention", "plan", "DEMO"),
    say("retention", "plan", "DEMO"),
  ]);
  const { rowsCompared, rowsDifferent } = compared;
  return {
    isGood: holes === 0 && snapshots.length === ROUNDS && rowsCompared > 0 && rowsDifferent === 0,
    baseline: true,
    refreshes: ROUNDS,
    snapshots: snapshots.length,
    holes,
    seed: demo.seed,
    restoredFrom: target.snapshot.id,
    restoredToScn: target.scn,
    rowsCompared,
    rowsDifferent,
    retentionKeeps: objects.filter(({ stays }) => stays).length,
    retentionDrops: objects.filter(({ stays }) => !stays).length,
  };
}

async function startProduction(
  directory: string,
  { bytes, operationsPerSecond }: RefreshDemo,
  tell: Narrator,
): Promise<ForkedSimulator> {
  const production = await forkSimulator({
    base: join(directory, "production"),
    dbName: "DEMO",
    cdb: true,
    pdbs: 1,
    bytes,
    seed: 7,
    workload: true,
    opsPerSecond: operationsPerSecond,
  });
  tell.say(
    `Simulated Oracle 19c container database DEMO, ${formatBytes(bytes)}, on port ${production.port}; ` +
      `${operationsPerSecond} row changes a second.`,
  );
  return production;
}

/** One backup stays of each hour, so that the plan has something to give up. */
function agentFor(directory: string, { ready, port }: ForkedSimulator): AgentSetting {
  const account = ready.accounts.find(({ name }) => name === "C##UMBRA");
  if (account === undefined) throw new Error("the simulated database has no account for umbra");
  const snapshots = join(directory, "backup", "snapshots");
  mkdirSync(snapshots, { recursive: true });
  return configureAgent(directory, {
    port,
    service: ready.services[0] ?? "DEMO",
    user: account.name.toLowerCase(),
    password: account.password,
    snapshots: `{ kind: reflink, directory: ${snapshots} }`,
    more: [
      "refresh: { snapshot: before }",
      "retention: { zone: Europe/Berlin, hourly: 1, minimum-good: 2, protect: 0s }",
    ],
  });
}

/** Returns when the load has changed enough rows since. */
async function changes(
  production: ForkedSimulator,
  { changesBetween }: RefreshDemo,
  tell: Narrator,
): Promise<void> {
  const until = Date.now() + LOAD_DEADLINE_MS;
  const before = await production.status();
  for (;;) {
    const now = await production.status();
    if (now.operations - before.operations >= changesBetween) {
      tell.say(`${now.commits} transactions so far, at SCN ${now.scn}.`);
      return;
    }
    if (Date.now() > until) throw new Error("the load does not go on");
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** The object that a command prints for programs. */
async function asked<T>(setting: AgentSetting, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await umbra(setting, ...args, "--output", "json")) as T;
}

function refreshedText({ backup }: Refreshed): string {
  const { files, bytes, minimumRecoveryScn, recoverableToScn } = backup;
  return (
    `${files} copies, ${formatBytes(bytes)}, are those of SCN ${minimumRecoveryScn} now; ` +
    `their logs reach to SCN ${recoverableToScn}.`
  );
}

/** What the next log switch brings does not count: nobody has it yet. */
function holesIn({ current, incarnations }: Coverage): number {
  const now = incarnations.find(({ incarnation }) => incarnation === current.incarnation);
  if (now === undefined || now.covered.length === 0) throw new Error("nothing can be restored");
  return now.holes.filter(({ reason }) => reason.kind !== "not-archived-yet").length;
}
