import { describe, expect, test } from "vitest";

import type { SimulatedEngine } from "../../../../simulator/sql/engine.ts";
import { engineRig, execute, sessionOf } from "./engine-rig.ts";

/** A session with work that is not committed. */
async function uncommitted(engine: SimulatedEngine, records: number) {
  const app = sessionOf(engine);
  await execute(app, "create table t (id number)");
  for (let id = 0; id < records; id += 1) await execute(app, `insert into t values (${id})`);
  return app;
}

describe("STARTUP and SHUTDOWN", () => {
  test("a live transaction tells its undo, its start and its session", async () => {
    await using world = await engineRig();
    const app = await uncommitted(world.engine, 3);
    const found =
      await world.sql(`select s.sid, s.username, s.machine, t.used_urec, t.used_ublk, length(t.start_time) from gv$transaction t
       join gv$session s on s.inst_id = t.inst_id and s.saddr = t.ses_addr`);
    expect(found).toEqual([[String(app.sid), "APP", "client1", "3", "1", "17"]]);
    await app.rollback();
    expect(await world.sql("select addr from v$transaction")).toEqual([]);
  });

  test("SHUTDOWN IMMEDIATE takes as long as its rollback, and refuses everybody meanwhile", async () => {
    await using world = await engineRig();
    const app = await uncommitted(world.engine, 5);
    const watcher = sessionOf(world.engine, "SYS");
    world.faults.plant({ kind: "hang", at: "rollback" });
    const stopped = world.engine.shutdown("IMMEDIATE").then(() => "stopped");
    await expect.poll(() => world.faults.hanging).toEqual(["rollback"]);
    expect(world.instance).toMatchObject({ state: "OPEN", stopping: "IMMEDIATE" });
    expect(world.instance.activeTransactions).toHaveLength(1);
    expect(() => sessionOf(world.engine, "SYS")).toThrow("ORA-01090");
    expect(world.engine.service("ORCL")).toBe("blocked");
    await expect(execute(app, "select 1 from dual")).rejects.toThrow("ORA-03113");
    await expect(execute(watcher, "select 1 from dual")).rejects.toThrow(/ORA-/u);
    world.faults.lift();
    expect(await stopped).toBe("stopped");
    await world.instance.startup({ to: "OPEN" });
    expect(await world.sql("select count(*) from app.t")).toEqual([["0"]]);
  });

  test("an abort ends a rollback that hangs, and the next start rolls back by itself", async () => {
    await using world = await engineRig();
    await uncommitted(world.engine, 5);
    world.faults.plant({ kind: "hang", at: "rollback" });
    const stopped = world.engine.shutdown("IMMEDIATE");
    stopped.catch(() => undefined);
    await expect.poll(() => world.faults.hanging).toEqual(["rollback"]);
    await world.engine.shutdown("ABORT");
    await expect(stopped).rejects.toThrow("ORA-01092");
    world.faults.lift();
    await world.instance.startup({ to: "OPEN" });
    expect(await world.sql("select count(*) from app.t")).toEqual([["0"]]);
  });

  test("rollback can be made slow", async () => {
    await using world = await engineRig();
    await uncommitted(world.engine, 6);
    world.faults.plant({ kind: "slow", at: "rollback", recordsPerSecond: 100 });
    const before = performance.now();
    await world.engine.shutdown("IMMEDIATE");
    expect(performance.now() - before).toBeGreaterThan(50);
  });

  test("a shutdown that is refused for backup mode leaves sessions and their work alone", async () => {
    await using world = await engineRig();
    const app = await uncommitted(world.engine, 1);
    await world.instance.beginBackup({ level: "database" });
    await expect(world.engine.shutdown("IMMEDIATE")).rejects.toThrow("ORA-01149");
    expect(world.instance.stopping).toBeUndefined();
    await app.commit();
    expect(await world.sql("select count(*) from app.t")).toEqual([["1"]]);
  });

  test.each([
    ["start", 27_102, "IDLE"],
    ["mount", 205, "NOMOUNT"],
    ["open", 1157, "MOUNT"],
  ] as const)(
    "STARTUP that fails once at %s with ORA-%i ends in %s, and goes on from there",
    async (at, code, state) => {
      await using world = await engineRig();
      await world.engine.shutdown("IMMEDIATE");
      world.faults.plant({ kind: "fail", at, code, times: 1 });
      await expect(world.instance.startup({ to: "OPEN" })).rejects.toMatchObject({ code });
      expect(world.instance.state).toBe(state);
      if (state === "IDLE") await world.instance.startup({ to: "MOUNT" });
      if (state === "NOMOUNT") await world.instance.mount();
      await world.instance.open("READ WRITE");
      expect(world.instance.openMode).toBe("READ WRITE");
    },
  );

  test("STARTUP that fails for good fails each time; one that hangs is ended by an abort", async () => {
    await using world = await engineRig();
    await world.engine.shutdown("IMMEDIATE");
    world.faults.plant({ kind: "fail", at: "open", code: 1157 });
    await expect(world.instance.startup({ to: "OPEN" })).rejects.toThrow("ORA-01157");
    await expect(world.instance.open("READ WRITE")).rejects.toThrow("ORA-01157");
    world.faults.lift("open");
    await world.engine.shutdown("IMMEDIATE");
    world.faults.plant({ kind: "hang", at: "start" });
    const started = world.instance.startup({ to: "OPEN" });
    started.catch(() => undefined);
    await expect.poll(() => world.faults.hanging).toEqual(["start"]);
    await expect(world.instance.startup({ to: "OPEN" })).rejects.toThrow("ORA-01081");
    await world.engine.shutdown("ABORT");
    await expect(started).rejects.toThrow("ORA-01092");
    expect(world.instance.state).toBe("IDLE");
  });

  test("two starts are never in the same second", async () => {
    await using world = await engineRig({ now: () => new Date("2026-11-21T10:00:00.300Z") });
    const seen = new Set<number>();
    for (let start = 0; start < 3; start += 1) {
      seen.add(Math.floor(world.instance.startedAt.getTime() / 1000));
      await world.engine.shutdown("IMMEDIATE");
      await world.instance.startup({ to: "OPEN" });
    }
    expect(seen.size).toBe(3);
  });

  test.each(["ARCHIVELOG", "NOARCHIVELOG"])(
    "after a clean shutdown in %s every file tells the same SCN",
    async (mode) => {
      await using world = await engineRig({ archivelog: mode === "ARCHIVELOG" });
      await uncommitted(world.engine, 4);
      await world.engine.shutdown("IMMEDIATE");
      await world.instance.startup({ to: "MOUNT" });
      const scns =
        await world.sql(`select distinct to_char(f.checkpoint_change#), to_char(f.last_change#), to_char(h.checkpoint_change#),
       to_char(d.checkpoint_change#), h.fuzzy, d.log_mode from v$datafile f join v$datafile_header h on h.file# = f.file#, v$database d`);
      const [[scn] = []] = scns;
      expect(scns).toEqual([[scn, scn, scn, scn, "NO", mode]]);
    },
  );
});
