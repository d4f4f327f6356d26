import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Host } from "../../../src/ports/host.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import type { World } from "../../../src/run/world.ts";
import { faultyWorld } from "../../fakes/faulty-world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const activeFiles = ({ instance }: SimulatedWorld) =>
  (instance.controlFile?.datafiles ?? []).filter((file) => instance.backupMode(file).status === "ACTIVE");

/** The agent dies inside the copy of USERS. */
async function diesWhileCopying({ world }: SimulatedWorld): Promise<void> {
  const dead = () => Promise.reject(new Error("dead"));
  const { journal, obligations } = world.state;
  let copying = false;
  const unlessDead = <T extends object>(target: T): T =>
    Object.fromEntries(
      Object.entries(target).map(([name, call]) => [
        name,
        (...args: readonly unknown[]) => (copying ? dead() : call.apply(target, args)),
      ]),
    ) as T;
  const host: Host = {
    ...unlessDead(world.databaseHost),
    name: world.databaseHost.name,
    copy: () => {
      copying = true;
      return dead();
    },
  };
  const dying: World = {
    ...world,
    databaseHost: host,
    backupHost: host,
    clock: { ...world.clock, sleep: () => Promise.resolve() },
    connector: { connect: (options) => (copying ? dead() : world.connector.connect(options)) },
    state: { ...world.state, journal: unlessDead(journal), obligations: unlessDead(obligations) },
  };
  await backupHot(dying, { tablespaces: ["USERS"] }).catch(() => {});
}

test("what reconcile did is in the journal as a run of its own, and told by events", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  expect(activeFiles(rig)).toHaveLength(1);
  const before = rig.events.length;
  const put = await reconcile(rig.world, { planOnly: false });
  if (!put.ok || put.run === undefined) throw new Error("not put right");
  const { journal } = rig.world.state;
  expect(await journal.run(put.run)).toMatchObject({ kind: "reconcile", outcome: "done" });
  const steps = await journal.steps(put.run);
  expect(steps.map((step) => [step.state, step.title])).toEqual([
    ["done", expect.stringContaining("end backup mode of datafile")],
    ["done", expect.stringContaining("remove the unfinished files")],
    ["done", expect.stringContaining("close run")],
  ]);
  expect(steps[0]?.outcome).toMatch(/ended at SCN \d+/);
  const kinds = rig.events.slice(before).map((event) => event.kind);
  const each = ["step-started", "step-finished"];
  expect(kinds).toEqual(["run-started", ...each, ...each, ...each, "run-finished"]);
  const [interrupted] = (await journal.runs()).filter((run) => run.kind === "hot-backup");
  expect(interrupted?.error).toContain(put.run);
});

test("a reconcile that has nothing to do leaves no trace", async () => {
  await using rig = await simulatedWorld();
  expect(await reconcile(rig.world, { planOnly: false })).toEqual({ ok: true, lines: [], warnings: [] });
  expect(await rig.world.state.journal.runs()).toEqual([]);
});

test("a backup area that does not answer does not keep backup mode on", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  const hung = () =>
    Promise.reject(new UmbraError("UMB-7107", { path: "/backup", operation: "stat", deadlineMs: 1 }));
  const backupHost: Host = { ...rig.world.backupHost, stat: hung, list: hung, read: hung };
  const put = await reconcile({ ...rig.world, backupHost }, { planOnly: false });
  expect(put).toMatchObject({ ok: false, refusals: [{ code: "UMB-8005" }] });
  expect(activeFiles(rig)).toEqual([]);
  const { state, database } = rig.world;
  expect(await state.obligations.pending(database.name)).toEqual([]);
  expect(await state.journal.openRuns(database.name)).toHaveLength(1);
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
  expect(await state.journal.openRuns(database.name)).toEqual([]);
});

test("a journal that cannot be written does not keep backup mode on, and is told", async () => {
  await using rig = await simulatedWorld();
  await diesWhileCopying(rig);
  const full = () =>
    Promise.reject(new UmbraError("UMB-8006", { path: "umbra.db", problem: "disk is full" }));
  const { state } = rig.world;
  const journal = { ...state.journal, openRun: full, intent: full, outcome: full, closeRun: full };
  const obligations = { ...state.obligations, discharge: full };
  const world = { ...rig.world, state: { ...state, journal, obligations } };
  await expect(reconcile(world, { planOnly: false })).rejects.toMatchObject({ code: "UMB-8006" });
  expect(activeFiles(rig)).toEqual([]);
  expect(await reconcile(rig.world, { planOnly: false })).toMatchObject({ ok: true });
});

test.each(["before", "after"] as const)(
  "a reconcile that dies %s any effect is put right by the next one",
  async (when) => {
    await using rig = await simulatedWorld();
    for (let at = 1; ; at += 1) {
      await diesWhileCopying(rig);
      const { world, effects } = faultyWorld(rig.world, { at, when, how: "dead" });
      await reconcile(world, { planOnly: false }).catch(() => {});
      if (effects() < at) break;
      expect({ at, ...(await reconcile(rig.world, { planOnly: false })) }).toMatchObject({ at, ok: true });
      const { state, database } = rig.world;
      expect({ at, active: activeFiles(rig).length }).toEqual({ at, active: 0 });
      expect(await state.obligations.pending(database.name)).toEqual([]);
      expect(await state.journal.openRuns(database.name)).toEqual([]);
    }
  },
  60_000,
);
