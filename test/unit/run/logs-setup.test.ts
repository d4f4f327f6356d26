import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { planLogsSetup, planLogsUndo, setUpLogs, undoLogs } from "../../../src/run/logs-setup.ts";
import type { World } from "../../../src/run/world.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const directoryOf = (rig: SimulatedWorld) => join(rig.world.database.backupArea, "live", "logs");

/** What the instance has of archiving, running and stored, without the states that nobody set. */
async function parameters(world: World): Promise<readonly string[]> {
  const call = { deadlineMs: 10_000 };
  await using db = await world.connector.connect(call);
  const sql = (view: string) =>
    `select name, value from ${view} where name like 'log_archive_d%' and value is not null`;
  const rows = [
    ...(await db.query(sql("v$parameter"), {}, call)).filter((row) => row["value"] !== "enable"),
    ...(await db.query(sql("v$spparameter"), {}, call)),
  ];
  return rows.map((row) => `${row["name"]}=${row["value"]}`).toSorted();
}

test("a free destination becomes umbra's, by rule, and a log is seen to arrive", async () => {
  await using rig = await simulatedWorld();
  const made = await setUpLogs(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const value = `LOCATION=${directoryOf(rig)} OPTIONAL REOPEN=60 VALID_FOR=(ALL_LOGFILES,ALL_ROLES)`;
  expect(made.plan.changes).toEqual([{ name: "log_archive_dest_10", value, previous: "" }]);
  expect((await parameters(rig.world)).filter((one) => one === `log_archive_dest_10=${value}`)).toHaveLength(
    2,
  );
  expect(readdirSync(directoryOf(rig))).toHaveLength(1);
  expect(existsSync(join(directoryOf(rig), ".umbra-probe.ora"))).toBe(false);
});

test("set up twice, the second changes nothing and switches no log", async () => {
  await using rig = await simulatedWorld();
  await setUpLogs(rig.world);
  const before = await parameters(rig.world);
  const again = await setUpLogs(rig.world);
  expect(again).toMatchObject({ ok: true, plan: { steps: [] } });
  expect(again).not.toHaveProperty("run");
  expect(await parameters(rig.world)).toEqual(before);
  expect(readdirSync(directoryOf(rig))).toHaveLength(1);
});

test("--undo brings every value back, also when the state was lost", async () => {
  for (const lost of [false, true]) {
    await using rig = await simulatedWorld();
    const before = await parameters(rig.world);
    await setUpLogs(rig.world);
    if (lost) await rig.world.state.logDestinations.forget(rig.world.database.name);
    expect((await planLogsUndo(rig.world)).ok).toBe(true);
    expect(await undoLogs(rig.world)).toMatchObject({ ok: true });
    expect(await parameters(rig.world)).toEqual(before);
    expect(await rig.world.state.logDestinations.find(rig.world.database.name)).toBeUndefined();
    expect(await undoLogs(rig.world)).toMatchObject({ ok: true, plan: { steps: [] } });
  }
});

test("what somebody else changed since is left alone by --undo, and said", async () => {
  await using rig = await simulatedWorld();
  await setUpLogs(rig.world);
  await rig.instance.setParameter("log_archive_dest_10", "LOCATION=USE_DB_RECOVERY_FILE_DEST", "BOTH");
  const undone = await undoLogs(rig.world);
  expect(undone).toMatchObject({ ok: true, plan: { changes: [] } });
  expect(undone.ok && undone.warnings[0]?.seen).toContain("which umbra did not set");
});

test("a destination in use without being set is set too, because it would go", async () => {
  await using rig = await simulatedWorld();
  mkdirSync(join(rig.directory, "prod", "dbs", "arch"), { recursive: true });
  await rig.instance.setParameter("log_archive_dest_1", "", "BOTH");
  const made = await setUpLogs(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(made.plan.changes[0]).toMatchObject({ name: "log_archive_dest_1", previous: "" });
  expect(made.plan.changes[0]?.value).toMatch(/^LOCATION=.*arch MANDATORY$/u);
  await undoLogs(rig.world);
  expect(await parameters(rig.world)).toEqual([]);
});

test("where the old form is in use, umbra takes the duplex destination and never mixes", async () => {
  await using rig = await simulatedWorld();
  const arch = join(rig.directory, "prod", "arch");
  await rig.instance.setParameter("log_archive_dest_1", "", "BOTH");
  await rig.instance.setParameter("log_archive_dest", arch, "BOTH");
  const made = await setUpLogs(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(made.plan.slot).toEqual({ form: "duplex" });
  expect(made.warnings[0]?.seen).toContain("cannot defer");
  expect(readdirSync(directoryOf(rig))).toHaveLength(1);
  await undoLogs(rig.world);
  expect(await parameters(rig.world)).toEqual([`log_archive_dest=${arch}`, `log_archive_dest=${arch}`]);
});

test("where no log arrives everything is as it was, and nothing is remembered", async () => {
  const fault = { code: 19_504, text: "failed to create file" };
  await using rig = await simulatedWorld({
    database: { faults: { archiveFault: ({ id }) => (id === 10 ? fault : undefined) } },
    config: { deadlines: { archivedLogMs: 300 } },
  });
  const before = await parameters(rig.world);
  await expect(setUpLogs(rig.world)).rejects.toMatchObject({ code: "UMB-9041" });
  expect(await parameters(rig.world)).toEqual(before);
  expect(await rig.world.state.logDestinations.find(rig.world.database.name)).toBeUndefined();
});

test("a run that died after the parameter was set is proved by the next one", async () => {
  await using rig = await simulatedWorld();
  const { state, database } = rig.world;
  await setUpLogs(rig.world);
  const noted = await state.logDestinations.find(database.name);
  if (noted === undefined) throw new Error("nothing was noted");
  const { provedAt: _, ...unproved } = noted;
  await state.logDestinations.note(database.name, unproved);
  expect(await setUpLogs(rig.world)).toMatchObject({ ok: true, plan: { changes: [] } });
  expect((await state.logDestinations.find(database.name))?.provedAt).toBeDefined();
  expect((await state.logDestinations.find(database.name))?.changes).toHaveLength(1);
});

test("all reasons against a setup are told at once", async () => {
  await using rig = await simulatedWorld();
  const pfile = join(rig.directory, "init.ora");
  await rig.instance.createPfile(pfile);
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "OPEN", pfile });
  await rig.instance.setParameter("log_archive_min_succeed_dest", "2", "MEMORY");
  const planned = await planLogsSetup(rig.world);
  expect(planned.ok ? [] : planned.refusals.map((one) => one.code)).toEqual(["UMB-3141", "UMB-3145"]);
  expect(planned.ok ? "" : planned.refusals[0]?.todo).toContain("*.log_archive_dest_10='LOCATION=");
});

test("with all ten destinations in use there is none to take", async () => {
  await using rig = await simulatedWorld();
  const arch = join(rig.directory, "prod", "arch");
  for (let number = 2; number <= 10; number += 1)
    await rig.instance.setParameter(`log_archive_dest_${number}`, `LOCATION=${arch}`, "BOTH");
  const planned = await planLogsSetup(rig.world);
  expect(planned.ok ? [] : planned.refusals.map((one) => one.code)).toEqual(["UMB-3143"]);
});

test("where the instance cannot write the directory no parameter is touched", async () => {
  await using rig = await simulatedWorld();
  const sent: string[] = [];
  const changed = changedSessions(rig.world, (inner) => ({
    execute: async (sql, call) => {
      sent.push(sql);
      await inner.execute(sql, call);
    },
  }));
  const databaseHost = { ...rig.world.databaseHost, makeDirectory: () => Promise.resolve() };
  await expect(setUpLogs({ ...changed, databaseHost })).rejects.toThrow(/ORA-/u);
  expect(sent.map((sql) => sql.split(" ")[0])).toEqual(["create"]);
  expect(await rig.world.state.logDestinations.find(rig.world.database.name)).toBeUndefined();
});

test("a destination that was proved keeps its old attributes where new ones fail", async () => {
  let fails = false;
  await using rig = await simulatedWorld({
    database: {
      faults: {
        archiveFault: ({ id }) => (fails && id === 10 ? { code: 19_504, text: "failed" } : undefined),
      },
    },
    config: { deadlines: { archivedLogMs: 300 } },
  });
  await setUpLogs(rig.world);
  const before = await parameters(rig.world);
  fails = true;
  const { database, state } = rig.world;
  const other = { ...rig.world, database: { ...database, logs: { ...database.logs, reopenMs: 5_000 } } };
  await expect(setUpLogs(other)).rejects.toMatchObject({ code: "UMB-9041" });
  expect(await parameters(rig.world)).toEqual(before);
  expect((await state.logDestinations.find(database.name))?.provedAt).toBeDefined();
  fails = false;
  expect(await setUpLogs(other)).toMatchObject({
    ok: true,
    plan: { changes: [{ name: "log_archive_dest_10" }] },
  });
  await undoLogs(rig.world);
  expect((await parameters(rig.world)).filter((one) => one.includes("dest_10"))).toEqual([]);
});
