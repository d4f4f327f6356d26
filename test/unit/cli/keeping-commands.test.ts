import { expect, test } from "vitest";

import type { KeepingRuns } from "../../../src/cli/keeping-runs.ts";
import { runProgram } from "../../../src/cli/program.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { AppliedRetention, RetentionReport } from "../../../src/domain/retention-report.ts";
import { scn } from "../../../src/domain/scn.ts";
import type { HoldRequest } from "../../../src/run/holds.ts";
import type { World } from "../../../src/run/world.ts";
import type { State } from "../../../src/state/state.ts";
import { DAY, RETENTION } from "../../rigs/kept-backups.ts";

const CONFIG = `
storages: {s: {path: /backup, snapshots: {kind: reflink}}}
databases: {A: {connect: a/A, storage: s, user: U, password: {env: PW}}}
`;
const backup = { id: "run-1", database: "A" } as CatalogEntry;
const clock = { now: () => instant(DAY), monotonicMs: () => 0, sleep: () => Promise.resolve() };

/** Surroundings in which only what a test names is there. */
function rig(keeping: Partial<KeepingRuns>) {
  const catalog = {
    get: async (id: string) => (id === backup.id ? backup : undefined),
    list: async () => [backup],
  };
  const around = {
    version: "1.2.3",
    env: { UMBRA_CONFIG: "/f.yaml", USER: "ann" },
    readText: async () => CONFIG,
    openState: async () => ({ catalog, [Symbol.dispose]: () => {} }) as unknown as State,
    openWorld: () => ({ world: { clock } as unknown as World, [Symbol.asyncDispose]: async () => {} }),
    signal: () => new AbortController().signal,
    runs: { keeping },
  } as unknown as Surroundings;
  return async (...argv: string[]) => {
    const { result } = await runProgram(argv, around);
    if (result?.ok !== true) throw new Error("refused");
    return result;
  };
}

const interval = { from: scn(10), to: scn(20) };
const covered = (incarnation: string) => ({ incarnation, covered: [interval], holes: [], ways: [] });
const report = {
  id: "0123456789ab",
  database: "A",
  at: instant(0),
  config: RETENTION,
  lines: [
    { object: backup, takenAt: instant(0), stays: false, why: ["no rule keeps it"], needs: [] },
    { object: { ...backup, id: "run-2" }, takenAt: instant(DAY), stays: true, why: ["the last"], needs: [] },
  ],
  removing: [],
  before: [covered("old"), covered("new")],
  after: [covered("new")],
  given: [{ ...interval, incarnation: "old" }],
  incarnations: [
    { id: "old", resetlogsScn: scn(1) },
    { id: "new", resetlogsScn: scn(15) },
  ],
  current: "new",
} as unknown as RetentionReport;
const nothing: AppliedRetention = {
  marked: [],
  takenBack: [],
  removed: [],
  waiting: [],
  left: [],
  thinned: 0,
  problems: [],
};

test("the plan says what goes, what is given up of which incarnation, and how it is applied", async () => {
  const run = rig({ planRetention: async () => ({ ok: true, report }) });
  const { text, exit } = await run("retention", "plan", "A");
  expect(exit).toBeUndefined();
  expect(text).toMatch(/^run-1 +1970-01-01T00:00:00Z +GOES +no rule keeps it$/m);
  expect(text).toContain("Given up: SCN 10 to 20 of incarnation old.");
  expect(text).toMatch(/Can be restored now of incarnation old:\n {2}█+\nafterwards:\n {2}·+\n/);
  expect(text).toContain("umbra retention apply A --plan 0123456789ab");
});

test("a retention that could not remove something ends with its own status, and nothing else does", async () => {
  const problems = [{ object: "run-1", problem: "the array is busy" }];
  const failing = rig({
    applyRetention: async () => ({ ok: true, report, applied: { ...nothing, problems } }),
  });
  const failed = await failing("retention", "apply", "A", "--by-policy");
  expect([failed.exit, failed.text]).toEqual([
    11,
    expect.stringContaining("NOT DONE: run-1: the array is busy"),
  ]);
  const good = rig({ applyRetention: async () => ({ ok: true, report, applied: nothing }) });
  expect((await good("retention", "apply", "A")).exit).toBe(0);
});

test("what may be marked is what the user said", async () => {
  const asked: unknown[] = [];
  const run = rig({
    applyRetention: async (_, options) => {
      asked.push(options);
      return { ok: true, report, applied: nothing };
    },
  });
  await run("retention", "apply", "A");
  await run("retention", "apply", "A", "--plan", "x");
  await run("retention", "apply", "A", "--by-policy");
  expect(asked).toEqual([{ byPolicy: false }, { plan: "x" }, { byPolicy: true }]);
  await expect(run("retention", "apply", "A", "--plan", "x", "--by-policy")).rejects.toMatchObject({
    code: "UMB-2001",
  });
});

test("a hold has an owner and an end, as the user writes it", async () => {
  const asked: HoldRequest[] = [];
  const run = rig({
    addHold: async (_, request) => {
      asked.push(request);
      const hold = { ...request, id: "h", database: backup.database, addedAt: instant(0) };
      return { ok: true, hold, onStorage: false };
    },
  });
  const add = ["hold", "add", "run-1", "--reason", "audit"];
  await run(...add);
  await run(...add, "--owner", "bob", "--for", "2d");
  await run(...add, "--until", "1970-02-01");
  expect(asked.map(({ owner, expiresAt }) => [owner, expiresAt])).toEqual([
    ["ann", undefined],
    ["bob", 3 * DAY],
    ["ann", 31 * DAY],
  ]);
  for (const wrong of [
    ["--until", "tomorrow"],
    ["--for", "2"],
    ["--for", "2d", "--until", "1970-02-01"],
  ]) {
    await expect(run(...add, ...wrong)).rejects.toMatchObject({ code: "UMB-2001" });
  }
  await expect(run("hold", "add", "run-9", "--reason", "r")).rejects.toMatchObject({ code: "UMB-2004" });
});
