import { rmSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { instant } from "../../../src/domain/instant.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { type Guarded, guardLogs } from "../../../src/run/logs-guard.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { World } from "../../../src/run/world.ts";
import { type LiveLogs, liveLogs } from "../../rigs/live-logs.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

const FULL = { code: 19_502, text: "write error, no space left on device" };
const FAILS = { code: 19_504, text: "failed to create file" };

async function guarded(world: World): Promise<Extract<Guarded, { ok: true }>> {
  const outcome = await guardLogs(world);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  return outcome;
}

function withLogs(world: World, logs: Partial<World["database"]["logs"]>): World {
  return { ...world, database: { ...world.database, logs: { ...world.database.logs, ...logs } } };
}

const deferring = (live: LiveLogs) => withLogs(live.world, { guard: "defer" });

async function stateOf({ world }: LiveLogs, id = 10): Promise<unknown> {
  const call = { deadlineMs: 10_000 };
  await using db = await world.connector.connect(call);
  const rows = await db.query("select status from v$archive_dest where dest_id = :id", { id }, call);
  return rows[0]?.["status"];
}

/** Somebody defers the destination and enables it again: its error is forgotten. */
async function repaired(live: LiveLogs): Promise<void> {
  await live.rig.instance.setParameter("log_archive_dest_state_10", "DEFER", "MEMORY");
  await stateOf(live);
  await live.rig.instance.setParameter("log_archive_dest_state_10", "ENABLE", "MEMORY");
}

async function owed({ world }: LiveLogs) {
  return (await world.state.logDestinations.find(world.database.name))?.deferred;
}

async function classes(world: World): Promise<string> {
  const looked = await verifyLogs(world, { deep: true });
  return looked.ok ? looked.report.logs.map((log) => log.class).join(" ") : "refused";
}

test("a destination that does its work is left alone, and nothing is journaled", async () => {
  await using live = await liveLogs();
  expect(await guarded(deferring(live))).toEqual({ ok: true, findings: [], action: { kind: "none" } });
  expect(await live.world.state.journal.runs(`${live.world.database.name}/logs` as never)).toHaveLength(1);
});

test("the policy warn says what is wrong and changes nothing", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FULL);
  await live.switched();
  const { findings, action } = await guarded(live.world);
  expect(findings[0]?.seen).toContain("ERROR: ORA-19502");
  expect(action).toEqual({ kind: "none" });
  expect(await stateOf(live)).toBe("ERROR");
});

test("a failing destination is deferred, and when it works again everything is brought and it is enabled", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FAILS);
  await live.switched();
  expect((await guarded(deferring(live))).action).toMatchObject({ kind: "defer", number: 10 });
  expect(await stateOf(live)).toBe("DEFERRED");
  expect(await owed(live)).toMatchObject({ why: expect.stringContaining("ORA-19504") as string });
  await live.switched(2);
  live.faults.clear();
  const restored = await guarded(deferring(live));
  expect(restored.action).toMatchObject({ kind: "restore", enabled: false });
  const steps = (await live.world.state.journal.steps(restored.run ?? ("" as never))).map((one) =>
    String(one.step),
  );
  const copies = steps.filter((step) => step.startsWith("logs:copy:"));
  expect(copies).toHaveLength(3);
  expect(steps.indexOf(copies[2] ?? "")).toBeLessThan(steps.indexOf("logs:enable"));
  expect(await stateOf(live)).toBe("VALID");
  expect(await owed(live)).toBeUndefined();
  expect(await classes(live.world)).toBe("good good good good");
  await live.switched();
  expect(await classes(live.world)).toBe("good good good good good");
  expect((await guarded(deferring(live))).findings).toEqual([]);
});

test("a log that is switched right before ENABLE is brought too", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FAILS);
  await live.switched();
  await guarded(deferring(live));
  live.faults.clear();
  const world = deferring(live);
  const late: World = {
    ...world,
    connector: {
      connect: async (options) => {
        const db = await world.connector.connect(options);
        const execute = db.execute.bind(db);
        db.execute = async (sql, call) => {
          if (sql.includes("='ENABLE'")) await live.switched();
          await execute(sql, call);
        };
        return db;
      },
    },
  };
  await guarded(late);
  expect(await classes(live.world)).toBe("good good good");
});

test("too little room defers before the storage is full, and enables with a margin only", async () => {
  await using live = await liveLogs();
  const wanting = withLogs(live.world, { guard: "defer", freeBytes: Number.MAX_SAFE_INTEGER });
  expect((await guarded(wanting)).action).toMatchObject({ kind: "defer" });
  expect(await guarded(wanting)).toMatchObject({
    action: { kind: "none" },
    findings: [{ level: "warning" }],
  });
  await guarded(deferring(live));
  expect(await stateOf(live)).toBe("VALID");
});

test("a destination that hangs stops the archiver until it is deferred: then production goes on", async () => {
  await using live = await liveLogs({ database: { logGroups: 3 } });
  live.faults.set(10, "hang");
  const call = { deadlineMs: 10_000 };
  await using db = await live.world.connector.connect(call);
  const count = async (sql: string) => Number((await db.query(sql, {}, call))[0]?.["n"]);
  const first = "select count(*) as n from v$archived_log where dest_id = 1";
  const before = await count(first);
  for (let left = 2; left > 0; left -= 1) await db.execute("alter system switch logfile", call);
  await expect.poll(() => count(first), { interval: 5 }).toBe(before + 1);
  const { findings, action } = await guarded(deferring(live));
  expect(findings[0]).toMatchObject({ level: "danger", rule: 99 });
  expect(action).toMatchObject({
    kind: "defer",
    why: expect.stringContaining("the archiver waits for it") as string,
  });
  const waiting = "select count(*) as n from v$log where archived = 'NO' and status <> 'CURRENT'";
  await expect.poll(() => count(waiting), { interval: 5 }).toBe(0);
});

test("a directory that does not answer is trouble although v$archive_dest says nothing", async () => {
  await using live = await liveLogs();
  const world = deferring(live);
  const hung = () =>
    Promise.reject(new UmbraError("UMB-7107", { path: "x", operation: "write", deadlineMs: 10 }));
  const host = { ...world.databaseHost, writeAtomically: hung };
  expect((await guarded({ ...world, databaseHost: host })).action).toMatchObject({ kind: "defer" });
  const again = await guarded({ ...world, databaseHost: host });
  expect(again).toMatchObject({ action: { kind: "none" } });
  expect(again.findings[0]?.seen).toMatch(/deferred by umbra since .* no answer to write/u);
});

test("what somebody else deferred is never enabled by umbra", async () => {
  await using live = await liveLogs();
  await live.rig.instance.setParameter("log_archive_dest_state_10", "DEFER", "BOTH");
  const { findings, action } = await guarded(deferring(live));
  expect(findings[0]?.seen).toContain("by somebody else");
  expect(action.kind).toBe("none");
  expect(await stateOf(live)).toBe("DEFERRED");
});

test("never deferred: one that is MANDATORY, and the last local destination that works", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FAILS);
  await live.rig.instance.setParameter("log_archive_dest_state_1", "DEFER", "BOTH");
  const alone = await guarded(withLogs(live.world, { guard: "defer", freeBytes: Number.MAX_SAFE_INTEGER }));
  expect(alone.action.kind).toBe("none");
  expect(JSON.stringify(alone.findings)).toContain("0 other local destinations work");
  await live.rig.instance.setParameter("log_archive_dest_state_1", "ENABLE", "BOTH");
  await live.rig.instance.setParameter("log_archive_dest_10", `LOCATION=${live.directory} MANDATORY`, "BOTH");
  const mandatory = await guarded(
    withLogs(live.world, { guard: "defer", freeBytes: Number.MAX_SAFE_INTEGER }),
  );
  expect(mandatory.action.kind).toBe("none");
  expect(JSON.stringify(mandatory.findings)).toContain("MANDATORY");
});

test("umbra that dies between its note and DEFER leaves a note that the next guard settles", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FAILS);
  await live.switched();
  const world = deferring(live);
  const dying: World = {
    ...world,
    connector: {
      connect: async (options) => {
        const db = await world.connector.connect(options);
        db.execute = () =>
          Promise.reject(new UmbraError("UMB-5202", { ora: 3113, message: "gone", lost: true }));
        return db;
      },
    },
  };
  await expect(guardLogs(dying)).rejects.toMatchObject({ code: "UMB-5202" });
  expect(await owed(live)).toBeDefined();
  expect(await stateOf(live)).toBe("ERROR");
  live.faults.clear();
  await repaired(live);
  expect((await guarded(world)).action).toMatchObject({ kind: "restore", enabled: true });
  expect(await owed(live)).toBeUndefined();
  expect(await classes(live.world)).toBe("good good");
});

test("a destination that umbra set up and whose note was lost is deferred with a note of its own", async () => {
  await using live = await liveLogs();
  await live.world.state.logDestinations.forget(live.world.database.name);
  live.faults.set(10, FAILS);
  await live.switched();
  await guarded(deferring(live));
  expect(await owed(live)).toBeDefined();
  live.faults.clear();
  await guarded(deferring(live));
  expect(await stateOf(live)).toBe("VALID");
});

test("a clock set back by an hour in the middle neither hides trouble nor makes some", async () => {
  let back = 0;
  await using live = await liveLogs({
    database: { now: () => new Date(Date.now() - back) },
    change: (world) => ({ ...world, clock: { ...world.clock, now: () => instant(Date.now() - back) } }),
  });
  await live.switched();
  live.faults.set(10, FAILS);
  await live.switched();
  expect((await guarded(deferring(live))).action).toMatchObject({ kind: "defer" });
  back = 3_600_000;
  expect(await classes(live.world)).toBe("good good delayed");
  live.faults.clear();
  await live.switched();
  await guarded(deferring(live));
  expect(await classes(live.world)).toBe("good good good good");
  expect(await guarded(deferring(live))).toMatchObject({ findings: [], action: { kind: "none" } });
});

test("a destination that is gone from the parameters is missed", async () => {
  await using live = await liveLogs();
  await live.rig.instance.setParameter("log_archive_dest_10", "", "BOTH");
  const { findings } = await guarded(live.world);
  expect(findings[0]?.seen).toContain("no archive destination points to");
});

test("logs that others have and that did not come are told until they were brought", async () => {
  await using live = await liveLogs();
  live.faults.set(10, FAILS);
  await live.switched();
  live.faults.clear();
  const name = live.names()[0] ?? "";
  await repaired(live);
  const impatient = withLogs(live.world, { lagMs: 0 });
  expect((await guarded(impatient)).findings[0]?.seen).toContain("1 log that others have");
  rmSync(join(live.directory, name));
  expect(await classes(impatient)).toBe("delayed delayed");
});

test("a database without umbra's destination is refused", async () => {
  await using rig = await simulatedWorld();
  expect(await guardLogs(rig.world)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3147" }] });
});
