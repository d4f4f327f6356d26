import { assert, boolean, constantFrom, property, record as recordOf } from "fast-check";
import { describe, expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import type { RunRecord } from "../../../src/domain/journal.ts";
import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import type { Obligation, StartupObligation } from "../../../src/domain/obligation.ts";
import { scn } from "../../../src/domain/scn.ts";
import { type InstanceLook, planReconcile, type ReconcileInput } from "../../../src/plan/reconcile.ts";
import { planFacts } from "./plan-facts.ts";

const run = "20261121T093300Z-cold-4f2a91" as RunId;
const hotRun = "20261121T090000Z-hot-111111" as RunId;
const database = "PROD1" as DatabaseName;
const { containers, datafiles, identity } = planFacts();

const record = (id: RunId, kind: string): RunRecord => ({
  id,
  database,
  kind,
  startedAt: instant(0),
  directory: `/b/${id}` as FilePath,
});

const startup: StartupObligation = {
  id: `${run}/shut-down`,
  run,
  database,
  dbid: identity.dbid,
  resetlogsScn: identity.resetlogsScn,
  saved: {
    openMode: "READ WRITE",
    role: "PRIMARY",
    restricted: false,
    instances: ["PROD1"],
    containers: [],
    services: [],
  },
  startedAt: [{ instance: "PROD1", at: "2026-11-20T06:00:00" }],
  openedAt: instant(0),
};

const inBackupMode: Obligation = {
  id: `${hotRun}/begin`,
  run: hotRun,
  database,
  dbid: identity.dbid,
  resetlogsScn: identity.resetlogsScn,
  scope: { level: "database" },
  files: datafiles.map(({ file, creationScn }) => ({ file, creationScn })),
  asked: { scn: scn(500), localTime: "2026-11-21T09:00:00", deadlineMs: 60_000 },
  openedAt: instant(0),
};

const reachable = { identity, containers, datafiles };
const unreachable = { unreachable: "ORA-01034" };
const noControl: InstanceLook = { unknown: "the configuration names no way", control: false };

function plan(change: Partial<ReconcileInput>) {
  return planReconcile({
    runs: [{ record: record(run, "cold-backup"), finished: false }],
    startups: [startup],
    obligations: [],
    instance: { state: "down" },
    database: unreachable,
    ...change,
  });
}

const kinds = (steps: readonly { readonly kind: string }[]) => steps.map((step) => step.kind);

test("the database comes first: before backup mode, files and the journal", () => {
  const { steps, left } = plan({
    runs: [
      { record: record(hotRun, "hot-backup"), finished: false },
      { record: record(run, "cold-backup"), finished: false, picture: true },
    ],
    obligations: [inBackupMode],
    instance: { state: "open" },
    database: reachable,
  });
  expect(left).toEqual([]);
  expect(kinds(steps)).toEqual([
    "bring-back",
    "end-backup",
    "remove-run",
    "close-run",
    "remove-picture",
    "remove-run",
    "close-run",
  ]);
});

test.each(["down", "nomount", "mount", "open", "stopping"])(
  "an instance that is %s is brought back",
  (state) => {
    const { steps, left } = plan({ instance: { state } });
    expect(left).toEqual([]);
    expect(steps[0]).toMatchObject({ kind: "bring-back", found: state, openMode: "READ WRITE" });
  },
);

test("an instance whose tool fails is tried all the same", () => {
  const { steps } = plan({ instance: { unknown: "ssh: no route to host", control: true } });
  expect(steps[0]).toMatchObject({ kind: "bring-back", found: "unknown" });
});

test("a cold backup whose manifest was written is adopted after the database came back", () => {
  const { steps } = plan({ runs: [{ record: record(run, "cold-backup"), finished: true }] });
  expect(kinds(steps)).toEqual(["bring-back", "adopt-backup", "close-run"]);
  expect(steps[2]).toMatchObject({ outcome: "done" });
});

describe("what cannot be started", () => {
  test("without a way to start it, a database that does not answer is production at risk", () => {
    const { steps, left } = plan({ instance: noControl });
    expect(steps).toEqual([]);
    expect(left).toMatchObject([{ code: "UMB-10002", rule: 24 }]);
  });

  test("without a way to start it, a database that answers is looked at", () => {
    expect(kinds(plan({ instance: noControl, database: reachable }).steps)[0]).toBe("bring-back");
  });

  test("another database behind the connect string proves nothing, and the run stays open", () => {
    const other = { ...reachable, identity: { ...identity, dbid: "99" } };
    const { steps, left } = plan({ instance: { state: "open" }, database: other });
    expect(steps).toEqual([]);
    expect(left).toMatchObject([{ code: "UMB-10002", rule: 2 }]);
  });
});

const looks = constantFrom<InstanceLook>(
  { state: "down" },
  { state: "open" },
  { state: "stopping" },
  { unknown: "no answer", control: true },
  noControl,
);
const inputs = recordOf({
  owesStartup: boolean(),
  owesEnd: boolean(),
  picture: boolean(),
  finished: constantFrom<boolean | "unknown">(true, false, "unknown"),
  instance: looks,
  database: constantFrom<ReconcileInput["database"]>(reachable, unreachable),
});

const nothing = { steps: [], left: [] };

test("law: each run is closed or told, never while it owes something, and a second plan has nothing more to do", () => {
  assert(
    property(inputs, ({ owesStartup, owesEnd, picture, finished, instance, database: found }) => {
      const one = record(run, "cold-backup");
      const input: ReconcileInput = {
        runs: [
          finished === "unknown"
            ? { record: one, picture, finished, why: "EIO" }
            : { record: one, picture, finished },
        ],
        startups: owesStartup ? [startup] : [],
        obligations: owesEnd ? [{ ...inBackupMode, run }] : [],
        instance,
        database: found,
      };
      const { steps, left } = planReconcile(input);
      const closed = steps.some((step) => step.kind === "close-run");
      expect(closed || left.length > 0).toBe(true);
      const fulfilled = kinds(steps).filter((kind) => kind === "bring-back" || kind === "end-backup");
      const owes = Number(owesStartup) + Number(owesEnd) - fulfilled.length;
      expect(closed && owes > 0).toBe(false);
      const started = steps.some((step) => step.kind === "bring-back");
      expect(kinds(steps).indexOf("bring-back")).toBeLessThanOrEqual(0);
      const after = planReconcile({
        ...input,
        runs: closed ? [] : input.runs,
        startups: started ? [] : input.startups,
        obligations: steps.some((step) => step.kind === "end-backup") ? [] : input.obligations,
      });
      expect(closed ? after : nothing).toEqual(nothing);
    }),
  );
});
