import { expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { StartupObligation } from "../../../src/domain/obligation.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { InstanceControl, InstanceState } from "../../../src/ports/instance.ts";
import { bringBack } from "../../../src/run/bring-back.ts";
import type { World } from "../../../src/run/world.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { hurried, owed, owedStartup, shutDownCleanly } from "../../rigs/owed-startup.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

const order = { to: "OPEN", readOnly: true, restricted: true } as const;

test("srvctl, which goes on from nowhere, leaves the OPEN after the proof in MOUNT to SQL", async () => {
  await using rig = await simulatedWorld({ change: hurried, way: "srvctl" });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const back = await bringBack(rig.world, obligation, { whenMounted: () => Promise.resolve() });
  expect(back).toMatchObject({ mounted: "seen", started: true, warnings: [] });
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test.each(["NOMOUNT", "MOUNT"] as const)(
  "srvctl leaves a database that somebody left in %s to SQL too",
  async (to) => {
    await using rig = await simulatedWorld({ change: hurried, way: "srvctl" });
    const obligation = await owedStartup(rig.world);
    await shutDownCleanly(rig);
    await rig.programs.operations.startup({ to, readOnly: false, restricted: false }, () => undefined);
    await bringBack(rig.world, obligation);
    expect(rig.instance.openMode).toBe("READ WRITE");
  },
);

test("srvctl, which knows one start option, gives restricted and read only back all the same", async () => {
  await using rig = await simulatedWorld({ change: hurried, way: "srvctl" });
  await shutDownCleanly(rig);
  await rig.programs.operations.startup(order, () => undefined);
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  expect((await bringBack(rig.world, obligation)).warnings).toEqual([]);
  expect(rig.instance).toMatchObject({ openMode: "READ ONLY", restricted: true });
});

test("an instance that the configuration names only since is not started, and umbra says so", async () => {
  await using rig = await simulatedWorld({ change: hurried, way: "sqlplus" });
  const made = await owedStartup(rig.world);
  const saved = { ...made.saved, instanceTold: { by: "sqlplus", name: "ORCL" } } as const;
  await shutDownCleanly(rig);
  const oracleHome = rig.programs.oracleHome as FilePath;
  const instance = { by: "sqlplus", oracleHome, sid: "OTHER", privilege: "sysbackup" } as const;
  const world = { ...rig.world, database: { ...rig.world.database, instance } };
  const told = /umbra shut down ORCL, and instance: in the configuration names OTHER now/u;
  await expect(bringBack(world, { ...made, saved })).rejects.toMatchObject({
    code: "UMB-10002",
    message: expect.stringMatching(told),
  });
  expect(rig.instance.state).toBe("IDLE");
  await bringBack(rig.world, { ...made, saved });
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that was closed and stayed mounted is started anew, because it would not open again", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await owedStartup(rig.world);
  await rig.instance.close();
  await bringBack(rig.world, obligation);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

/** The one simulated instance and a second one beside it, as a tool for clusters shows them. */
function clustered(world: World, second: { state: InstanceState }): World {
  const inner = world.instance;
  if (inner === undefined) throw new Error("a world without control");
  const instance: InstanceControl = {
    ...inner,
    status: async (call) => {
      const status = await inner.status(call);
      const other = { name: "ORCL2", node: "b", state: second.state };
      return { ...status, instances: [...status.instances, other] };
    },
    startup: async (request, call) => {
      const { changed } = await inner.startup(request, call);
      const before = second.state;
      second.state = request.to;
      return { changed: changed || before !== second.state };
    },
  };
  const sessions = changedSessions(world, (db) => ({
    query: async (sql, binds, options) => {
      const rows = await db.query(sql, binds, options);
      const [first] = rows;
      if (!sql.includes("gv$instance") || first === undefined || second.state !== "open") return rows;
      return [...rows, { ...first, instance_name: "ORCL2" }];
    },
  }));
  return { ...sessions, instance };
}

async function clusterThatIsDown(rig: { readonly world: World }): Promise<StartupObligation> {
  const obligation = await owedStartup(clustered(rig.world, { state: "open" }));
  expect(obligation.saved.instances).toEqual(["ORCL", "ORCL2"]);
  return obligation;
}

test("every instance of a cluster that was up comes up again", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await clusterThatIsDown(rig);
  await shutDownCleanly(rig);
  const second: { state: InstanceState } = { state: "down" };
  const back = await bringBack(clustered(rig.world, second), obligation);
  expect(back.now.saved.instances).toEqual(["ORCL", "ORCL2"]);
});

test("an instance of a cluster that is down beside one that is open is started", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await clusterThatIsDown(rig);
  const second: { state: InstanceState } = { state: "down" };
  await bringBack(clustered(rig.world, second), obligation, { shutdown: "answered" });
  expect(second.state).toBe("open");
});

test("an instance that the tool does not know is missed all the same, and production is at risk", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await clusterThatIsDown(rig);
  await shutDownCleanly(rig);
  await expect(bringBack(rig.world, obligation)).rejects.toThrow(
    /^TEST is open, but not as it was: instance ORCL2 is not up/u,
  );
  expect(await owed(rig)).toHaveLength(1);
});

/** A mounted standby: its role and its recovery process are played, the instance is real. */
function standby(world: World, apply: { runs: boolean; starts: boolean }): World {
  return changedSessions(world, (db) => ({
    query: async (sql, binds, options) => {
      if (sql.includes("v$dataguard_process"))
        return apply.runs ? [{ process: "MRP0", status: "APPLYING_LOG" }] : [];
      if (sql.includes("v$archive_dest_status"))
        return apply.runs ? [{ recovery_mode: "MANAGED REAL TIME APPLY" }] : [];
      const rows = await db.query(sql, binds, options);
      return rows.map((row) =>
        "database_role" in row ? { ...row, database_role: "PHYSICAL STANDBY" } : row,
      );
    },
    execute: (sql) => {
      if (!sql.includes("recover managed standby")) return Promise.reject(new Error(sql));
      apply.runs = apply.starts;
      return Promise.resolve();
    },
  }));
}

async function mountedStandby(rig: Awaited<ReturnType<typeof simulatedWorld>>): Promise<StartupObligation> {
  await shutDownCleanly(rig);
  await rig.programs.operations.startup({ to: "MOUNT", readOnly: false, restricted: false }, () => undefined);
  const obligation = await owedStartup(standby(rig.world, { runs: true, starts: true }));
  expect(obligation.saved.apply).toEqual({ realTime: true });
  await shutDownCleanly(rig);
  return obligation;
}

test("redo apply of a standby is started again, and seen to run", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await mountedStandby(rig);
  const back = await bringBack(standby(rig.world, { runs: false, starts: true }), obligation);
  expect(back.now.saved).toMatchObject({ openMode: "MOUNTED", apply: { realTime: true } });
});

test("redo apply that says it started and does not run is production at risk", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await mountedStandby(rig);
  await expect(bringBack(standby(rig.world, { runs: false, starts: false }), obligation)).rejects.toThrow(
    /redo apply does not run.*by hand: alter database recover managed standby database/u,
  );
});

test("a host that cannot be reached is waited for, and not longer than is said", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  let looks = 0;
  const gone = () => {
    looks += 1;
    return Promise.reject(new UmbraError("UMB-7203", { host: "db1", program: "sqlplus" }));
  };
  const world: World = { ...rig.world, instance: { status: gone, shutdown: gone, startup: gone } };
  const began = world.clock.monotonicMs();
  await expect(bringBack(world, obligation, { patienceMs: 9_000 })).rejects.toThrow(
    /^TEST may be down: its instance cannot be asked: UMB-7203/u,
  );
  expect(world.clock.monotonicMs() - began).toBeGreaterThanOrEqual(9_000);
  expect(world.clock.monotonicMs() - began).toBeLessThan(12_000);
  expect(looks).toBeGreaterThan(5);
});

test("clusterware may start the database again before srvctl is asked to, which would refuse otherwise", async () => {
  await using rig = await simulatedWorld({ change: hurried, way: "srvctl" });
  const { autoRestart } = rig.world.instance ?? {};
  const obligation = await owedStartup(rig.world);
  await autoRestart?.set(false, { deadlineMs: 10_000 });
  await shutDownCleanly(rig);
  await bringBack(rig.world, { ...obligation, saved: { ...obligation.saved, autoRestart: true } });
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(await autoRestart?.read({ deadlineMs: 10_000 })).toBe(true);
});

test("a database that is up and that clusterware does not start again is told, and stays owed", async () => {
  await using rig = await simulatedWorld({ change: hurried });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const refused = new UmbraError("UMB-5308", {
    program: "srvctl",
    action: "enable database",
    ora: null,
    message: "PRCR-1071",
    lost: false,
  });
  const { instance } = rig.world;
  if (instance === undefined) throw new Error("no control");
  const autoRestart = { read: () => Promise.resolve(false), set: () => Promise.reject(refused) };
  const world: World = { ...rig.world, instance: { ...instance, autoRestart } };
  const failure = bringBack(world, { ...obligation, saved: { ...obligation.saved, autoRestart: true } });
  await expect(failure).rejects.toThrow(
    /clusterware does not start .*PRCR-1071.*by hand: srvctl enable database/u,
  );
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that is open and lets nobody in is not waited for as long as one that is down", async () => {
  await using rig = await simulatedWorld({
    change: hurried,
    config: { deadlines: { startupMs: 1_800_000 } },
  });
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  const unknown = new UmbraError("UMB-5102", { ora: 12_514, message: "ORA-12514", lost: false });
  const world: World = { ...rig.world, connector: { connect: () => Promise.reject(unknown) } };
  const began = world.clock.monotonicMs();
  await expect(bringBack(world, obligation)).rejects.toThrow(
    /^TEST is open, but whether it is as it was cannot be asked: UMB-5102/u,
  );
  expect(world.clock.monotonicMs() - began).toBeLessThan(200_000);
  expect(rig.instance.openMode).toBe("READ WRITE");
});
