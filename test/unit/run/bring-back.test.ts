import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { bringBack } from "../../../src/run/bring-back.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { hurried, owed, owedStartup, shutDownCleanly } from "../../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

const atOnce = { change: hurried };
const silently = () => undefined;
const answered = { shutdown: "answered" } as const;

const order = { to: "OPEN", readOnly: false, restricted: false } as const;
const startBy = (
  rig: SimulatedWorld,
  change: Partial<Parameters<typeof rig.programs.operations.startup>[0]>,
) => rig.programs.operations.startup({ ...order, ...change }, silently);

test("a database that is down is started, proved and no longer owed", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const back = await bringBack(rig.world, obligation, answered);
  expect(back).toMatchObject({ started: true, warnings: [], mounted: "not-seen" });
  expect(back.note).toMatch(/^started; READ WRITE/u);
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(await owed(rig)).toEqual([]);
});

test.each(["NOMOUNT", "MOUNT"] as const)("a database that somebody left in %s is opened", async (to) => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  await startBy(rig, { to });
  await bringBack(rig.world, obligation);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("restricted and read only are given back", async () => {
  await using rig = await simulatedWorld(atOnce);
  await shutDownCleanly(rig);
  await startBy(rig, { readOnly: true, restricted: true });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  expect((await bringBack(rig.world, obligation)).warnings).toEqual([]);
  expect(rig.instance).toMatchObject({ openMode: "READ ONLY", restricted: true });
});

test("a database that was mounted is mounted again, and not opened", async () => {
  await using rig = await simulatedWorld(atOnce);
  await shutDownCleanly(rig);
  await startBy(rig, { to: "MOUNT" });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  await bringBack(rig.world, obligation);
  expect(rig.instance.state).toBe("MOUNT");
});

test("what is to be proved in MOUNT sees the database mounted, once", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const seen: string[] = [];
  const whenMounted = () => Promise.resolve(void seen.push(rig.instance.state));
  const back = await bringBack(rig.world, obligation, { whenMounted });
  expect(seen).toEqual(["MOUNT"]);
  expect(back.mounted).toBe("seen");
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a proof in MOUNT that fails does not keep the database from being opened", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const failed = new Error("fuzzy");
  const back = await bringBack(rig.world, obligation, { whenMounted: () => Promise.reject(failed) });
  expect(back.mounted).toEqual({ failed });
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("STARTUP that fails once is sent again", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  rig.faults.plant({ kind: "fail", at: "start", code: 27_102, times: 1 });
  rig.faults.plant({ kind: "fail", at: "open", code: 313, times: 1 });
  await bringBack(rig.world, obligation);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("STARTUP that fails for good is production at risk, says why, and stays owed", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  rig.faults.plant({ kind: "fail", at: "start", code: 27_102 });
  const failure = bringBack(rig.world, obligation);
  await expect(failure).rejects.toMatchObject({ code: "UMB-10002", exit: 10 });
  await expect(failure).rejects.toThrow(/^TEST is down: .*ORA-27102.*6 times.*; by hand: STARTUP/u);
  expect(await owed(rig)).toEqual([obligation]);
  // Told when it failed first, and once.
  const told = rig.events.filter((event) => event.kind === "warning");
  expect(told).toMatchObject([{ warning: { seen: expect.stringMatching(/^TEST is down: .*ORA-27102/u) } }]);
});

test("a database that mounts and does not open says so", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  rig.faults.plant({ kind: "fail", at: "open", code: 1113 });
  await expect(bringBack(rig.world, obligation)).rejects.toThrow(
    /^TEST is mounted only: .*ORA-01113.*ALTER DATABASE OPEN/u,
  );
});

test("an answer to STARTUP that is lost is asked for, and nothing is started twice", async () => {
  await using rig = await simulatedWorld({
    ...atOnce,
    control: {
      faults: {
        answering: ({ action }) => {
          if (!action.startsWith("startup")) return;
          throw new UmbraError("UMB-5303", {
            program: "sqlplus",
            action,
            ora: null,
            message: "ssh was cut",
            lost: true,
          });
        },
      },
    },
  });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const back = await bringBack(rig.world, obligation);
  expect(back.started).toBe(true);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that somebody else is starting is waited for", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  rig.faults.plant({ kind: "hang", at: "mount" });
  const theirs = startBy(rig, {});
  await expect.poll(() => rig.faults.hanging).toEqual(["mount"]);
  const back = bringBack(rig.world, obligation);
  rig.faults.lift();
  await theirs;
  await back;
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a SHUTDOWN that is still at work is waited for, then the database is started", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  rig.faults.plant({ kind: "hang", at: "shutdown" });
  const theirs = shutDownCleanly(rig);
  await expect.poll(() => rig.faults.hanging).toEqual(["shutdown"]);
  const sleep = async (ms: number) => {
    rig.faults.lift();
    await rig.world.clock.sleep(ms);
  };
  const patient = { ...rig.world, clock: { ...rig.world.clock, sleep } };
  const back = await bringBack(patient, obligation);
  await theirs;
  expect(back.started).toBe(true);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that was never shut down is not touched, and only after no SHUTDOWN can come any more", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  const before = rig.world.clock.monotonicMs();
  const back = await bringBack(rig.world, obligation);
  expect(rig.world.clock.monotonicMs() - before).toBeGreaterThan(9_000);
  expect(back).toMatchObject({ started: false, warnings: [] });
  expect(back.note).toMatch(/^never shut down/u);
  expect(await owed(rig)).toEqual([]);
});

test("a SHUTDOWN that takes effect after umbra died is seen, and the database started", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  let shut = false;
  const sleep = async (ms: number) => {
    if (!shut) await shutDownCleanly(rig);
    shut = true;
    await rig.world.clock.sleep(ms);
  };
  const back = await bringBack({ ...rig.world, clock: { ...rig.world.clock, sleep } }, obligation);
  expect(back.started).toBe(true);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that somebody else started meanwhile counts as back, and it is told", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  await startBy(rig, { restricted: true });
  const back = await bringBack(rig.world, obligation);
  expect(back).toMatchObject({ started: false, warnings: [] });
  expect(back.note).toMatch(/^started by somebody else/u);
  expect(rig.instance.restricted).toBe(false);
});

test("what somebody else opened READ ONLY is left to them, with a warning", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  await startBy(rig, { readOnly: true });
  const back = await bringBack(rig.world, obligation);
  expect(back.warnings).toMatchObject([{ seen: expect.stringContaining("READ ONLY") }]);
  expect(rig.instance.openMode).toBe("READ ONLY");
});

test("a service that leads to another database proves nothing", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const elsewhere = changedSessions(rig.world, (inner) => ({
    query: async (sql, binds, call) => {
      const rows = await inner.query(sql, binds, call);
      return rows.map((row) => ("dbid" in row ? { ...row, dbid: "1" } : row));
    },
  }));
  await expect(bringBack(elsewhere, obligation)).rejects.toThrow(/DBID 1, not/u);
  expect(await owed(rig)).toHaveLength(1);
});

test("an instance that cannot be started by configuration is told at once", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const { instance: _none, ...world } = rig.world;
  await expect(bringBack(world, obligation)).rejects.toMatchObject({ code: "UMB-10002" });
});

test("a run that was told to stop brings the database back all the same", async () => {
  await using rig = await simulatedWorld(atOnce);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  await bringBack({ ...rig.world, signal: AbortSignal.abort(new Error("SIGTERM")) }, obligation);
  expect(rig.instance.openMode).toBe("READ WRITE");
});
