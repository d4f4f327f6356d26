import { describe, expect, test } from "vitest";

import { srvctl } from "../../../../simulator/programs/srvctl/srvctl.ts";
import { programRig } from "./program-rig.ts";

const of = (verb: string, ...rest: string[]) => [verb, "database", "-d", "orcl", ...rest];

describe("the simulated srvctl", () => {
  test("status tells a database as a whole, and its instance with its node", async () => {
    await using rig = await programRig();
    expect(await rig.run(srvctl, of("status"))).toEqual({ code: 0, output: "Database is running.\n" });
    expect((await rig.run(srvctl, of("status", "-v"))).output).toBe(
      "Database orcl is running. Instance status: Open.\n",
    );
    const instance = ["status", "instance", "-db", "orcl", "-instance", "ORCL"];
    expect((await rig.run(srvctl, instance)).output).toBe("Instance ORCL is running on node dbhost.\n");
    await rig.run(srvctl, of("stop"));
    expect((await rig.run(srvctl, of("status"))).output).toBe("Database is not running.\n");
  });

  test("stop and start say nothing when they do their work, and code 2 when there is none", async () => {
    await using rig = await programRig();
    expect(await rig.run(srvctl, of("start"))).toMatchObject({
      code: 2,
      output: expect.stringContaining("PRCC-1014 : orcl was already running") as string,
    });
    expect(await rig.run(srvctl, of("stop", "-o", "immediate"))).toEqual({ code: 0, output: "" });
    expect(await rig.run(srvctl, of("stop"))).toMatchObject({
      code: 2,
      output: expect.stringContaining("PRCR-1005 : Resource ora.orcl.db is already stopped") as string,
    });
    expect(await rig.run(srvctl, of("start", "-startoption", "MOUNT"))).toEqual({ code: 0, output: "" });
    expect(rig.instance.state).toBe("MOUNT");
  });

  test("a failure carries the instance's error between those of clusterware", async () => {
    await using rig = await programRig();
    await rig.instance.beginBackup({ level: "database" });
    const { code, output } = await rig.run(srvctl, of("stop"));
    expect(code).toBe(1);
    expect(output).toMatch(
      /PRCR-1133[\s\S]*CRS-5017[\s\S]*^ORA-01149: cannot shutdown[\s\S]*CRS-2675: Stop of 'ora\.orcl\.db' on 'dbhost' failed/mu,
    );
  });

  test.each([
    [["status", "database", "-d", "other"], "PRCD-1120"],
    [["stop", "instance", "-d", "orcl", "-i", "ORCL2"], "PRCD-1231"],
    [["stop", "instance", "-d", "orcl"], "PRKO-2003"],
    [["stop", "database"], "PRKO-2003"],
    [["stop", "database", "-d", "orcl", "-o", "gently"], "PRKO-2006"],
    [["explode", "database"], "PRKO-2000"],
    [["stop", "world"], "PRKO-2001"],
    [["stop", "database", "-x"], "PRKO-2002"],
  ])("%j is refused with %s", async (argv, code) => {
    await using rig = await programRig();
    const refused = await rig.run(srvctl, argv);
    expect(refused.code).toBe(1);
    expect(refused.output.startsWith(code)).toBe(true);
    expect(rig.instance.state).toBe("OPEN");
  });
});
