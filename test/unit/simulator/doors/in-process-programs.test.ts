import { describe, expect, test } from "vitest";

import { simulatedWorld } from "../../../rigs/simulated-world.ts";

const call = { deadlineMs: 10_000 };

describe.each(["sqlplus", "srvctl"] as const)("%s inside this process", (way) => {
  test("the agent's instance control stops, starts and asks the simulated instance", async () => {
    await using rig = await simulatedWorld({ way });
    const { instance } = rig.world;
    expect(await instance?.shutdown({ mode: "immediate" }, call)).toMatchObject({ changed: true });
    expect(rig.instance.state).toBe("IDLE");
    expect(await instance?.status(call)).toMatchObject({ state: "down" });
    expect(await instance?.startup({ to: "mount" }, call)).toMatchObject({ changed: true });
    expect(await instance?.status(call)).toMatchObject({ state: "mount" });
  });

  test("STARTUP that fails once says its ORA- code, and succeeds when it is asked for again", async () => {
    await using rig = await simulatedWorld({ way });
    const { instance } = rig.world;
    await instance?.shutdown({ mode: "immediate" }, call);
    rig.faults.plant({ kind: "fail", at: "start", code: 27_102, times: 1 });
    await expect(instance?.startup({ to: "open" }, call)).rejects.toThrow(/ORA-27102: out of memory/u);
    expect(rig.instance.state).toBe("IDLE");
    expect(await instance?.startup({ to: "open" }, call)).toMatchObject({ changed: true });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("a missed deadline leaves the shutdown to go on by itself", async () => {
    await using rig = await simulatedWorld({ way });
    rig.faults.plant({ kind: "hang", at: "shutdown" });
    const stopped = rig.world.instance?.shutdown({ mode: "immediate" }, { deadlineMs: 50 });
    await expect(stopped).rejects.toMatchObject({ code: "UMB-5303" });
    expect(rig.instance.state).toBe("OPEN");
    rig.faults.lift();
    await expect.poll(() => rig.instance.state).toBe("IDLE");
  });
});

test("a cut in the middle of STARTUP kills the program, and the instance comes up by itself", async () => {
  let cuts = 0;
  await using rig = await simulatedWorld({
    way: "sqlplus",
    programFaults: {
      cutting: ({ input }, printed) =>
        /startup/iu.test(input) && printed.includes("ORACLE instance started") && (cuts += 1) === 1,
    },
  });
  const { instance } = rig.world;
  await instance?.shutdown({ mode: "immediate" }, call);
  await expect(instance?.startup({ to: "open" }, call)).rejects.toMatchObject({ code: "UMB-5303" });
  await expect.poll(() => rig.instance.state).toBe("OPEN");
  expect(await instance?.startup({ to: "open" }, call)).toEqual({ changed: false });
});

test("somebody starts the instance behind the agent's back", async () => {
  await using rig = await simulatedWorld();
  await rig.world.instance?.shutdown({ mode: "immediate" }, call);
  const before = rig.instance.startedAt;
  await rig.programs.operations.startup({ to: "OPEN", readOnly: false, restricted: false }, () => undefined);
  expect(await rig.world.instance?.status(call)).toMatchObject({ state: "open" });
  expect(rig.instance.startedAt.getTime()).toBeGreaterThan(before.getTime());
});

test("clusterware starts the instance during the downtime, unless the database is disabled", async () => {
  await using rig = await simulatedWorld({ way: "sqlplus", restartAfterMs: 20 });
  const { instance } = rig.world;
  await instance?.shutdown({ mode: "immediate" }, call);
  await expect.poll(() => rig.instance.state).toBe("OPEN");
  const cluster = rig.programs.cluster;
  if (cluster === undefined) throw new Error("no clusterware");
  cluster.enabled = false;
  await instance?.shutdown({ mode: "immediate" }, call);
  const before = cluster.looks;
  await expect.poll(() => cluster.looks).toBeGreaterThan(before + 9);
  expect(rig.instance.state).toBe("IDLE");
});
