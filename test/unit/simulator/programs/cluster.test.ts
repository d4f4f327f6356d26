import { describe, expect, test } from "vitest";

import { sqlplus } from "../../../../simulator/programs/sqlplus/sqlplus.ts";
import { srvctl } from "../../../../simulator/programs/srvctl/srvctl.ts";
import { type ClusterRig, clusterRig } from "./cluster-rig.ts";

const of = (verb: string, ...rest: string[]) => [verb, "database", "-d", "orcl", ...rest];
const STATUS_DOWN =
  "Instance ORCL1 is not running on node rac1.\nInstance ORCL2 is not running on node rac2.\n";
const shutdown = ["shutdown immediate", "exit"];
const AS_SYSDBA = ["-S", "/ as sysdba"];

/** Long enough for clusterware to do what it will do. */
async function manyLooks({ resource }: ClusterRig): Promise<void> {
  const before = resource.looks;
  await expect.poll(() => resource.looks).toBeGreaterThan(before + 9);
}

describe("two instances under srvctl", () => {
  test("all go down and come up, and each is told with its node", async () => {
    await using rig = await clusterRig();
    expect((await rig.run(srvctl, of("status", "-v"))).output).toBe(
      "Instance ORCL1 is running on node rac1. Instance status: Open.\nInstance ORCL2 is running on node rac2. Instance status: Open.\n",
    );
    expect(await rig.run(srvctl, of("stop", "-o", "immediate"))).toEqual({ code: 0, output: "" });
    expect((await rig.run(srvctl, of("status"))).output).toBe(STATUS_DOWN);
    expect(await rig.run(srvctl, of("start", "-o", "mount"))).toEqual({ code: 0, output: "" });
    expect((await rig.run(srvctl, of("status", "-v"))).output).toMatch(
      /ORCL1 .* Mounted \(Closed\)\.\nInstance ORCL2 .* Mounted \(Closed\)\./u,
    );
    expect(await rig.run(srvctl, of("stop"))).toEqual({ code: 0, output: "" });
    expect(await rig.run(srvctl, of("start"))).toEqual({ code: 0, output: "" });
    expect(rig.instances.map(({ state, thread }) => [state, thread])).toEqual([
      ["OPEN", 1],
      ["OPEN", 2],
    ]);
  });

  test("one instance stops and starts by its name or its node; the other stays, and gv$instance shows both", async () => {
    await using rig = await clusterRig();
    expect(await rig.run(srvctl, ["stop", "instance", "-d", "orcl", "-i", "ORCL2"])).toEqual({
      code: 0,
      output: "",
    });
    expect(rig.instances.map(({ state }) => state)).toEqual(["OPEN", "IDLE"]);
    expect(
      await rig.run(srvctl, ["start", "instance", "-d", "orcl", "-n", "rac2", "-o", "open"]),
    ).toMatchObject({ code: 0 });
    const { output } = await rig.run(sqlplus, AS_SYSDBA, [
      "set heading off feedback off pagesize 0",
      "select inst_id || ' ' || instance_name || ' ' || status || ' ' || host_name from gv$instance order by inst_id;",
      "exit",
    ]);
    expect(output).toMatch(/1 ORCL1 OPEN rac1\s+2 ORCL2 OPEN rac2/u);
  });

  test("backup mode refuses the last instance its close", async () => {
    await using rig = await clusterRig();
    await rig.instances[0]?.beginBackup({ level: "database" });
    const { code, output } = await rig.run(srvctl, of("stop"));
    expect(code).toBe(1);
    expect(output).toMatch(/ORA-01149[\s\S]*CRS-2675: Stop of 'ora\.orcl\.db' on 'rac2' failed/u);
  });
});

describe("clusterware", () => {
  test("starts again what crashed, and what sqlplus stopped, but not what srvctl stopped", async () => {
    await using rig = await clusterRig({ restartAfterMs: 40 });
    const up = () => rig.instances.map(({ openMode }) => openMode);
    await rig.run(sqlplus, AS_SYSDBA, shutdown);
    expect(rig.instances[0]?.state).toBe("IDLE");
    await expect.poll(up).toEqual(["READ WRITE", "READ WRITE"]);
    await rig.members[0]?.engine.shutdown("ABORT");
    expect(up()).toEqual([null, null]);
    await expect.poll(up).toEqual(["READ WRITE", "READ WRITE"]);
    await rig.run(srvctl, of("stop"));
    await manyLooks(rig);
    expect(up()).toEqual([null, null]);
  });

  test("leaves a disabled database alone, and does not let srvctl start it", async () => {
    await using rig = await clusterRig({ restartAfterMs: 30 });
    expect(await rig.run(srvctl, of("disable"))).toEqual({ code: 0, output: "" });
    expect((await rig.run(srvctl, ["config", "database", "-d", "orcl"])).output).toMatch(
      /^Database is disabled$/mu,
    );
    expect(await rig.run(srvctl, of("disable"))).toMatchObject({
      code: 2,
      output: expect.stringContaining("PRCR-1003 : Resource ora.orcl.db is already disabled") as string,
    });
    await rig.run(sqlplus, AS_SYSDBA, shutdown);
    await rig.run(srvctl, of("stop"));
    await manyLooks(rig);
    expect(rig.instances.map(({ state }) => state)).toEqual(["IDLE", "IDLE"]);
    const refused = await rig.run(srvctl, of("start"));
    expect(refused).toMatchObject({
      code: 1,
      output: expect.stringContaining("CRS-2501: Resource 'ora.orcl.db' is disabled") as string,
    });
    expect(await rig.run(srvctl, of("enable"))).toEqual({ code: 0, output: "" });
    expect(await rig.run(srvctl, of("start"))).toEqual({ code: 0, output: "" });
    expect((await rig.run(srvctl, ["config", "database", "-d", "orcl", "-a"])).output).toMatch(
      /^Type: RAC$[\s\S]*^Database instances: ORCL1,ORCL2$[\s\S]*^Configured nodes: rac1,rac2$[\s\S]*^Database is enabled$/mu,
    );
  });

  test("its policy can be changed: NORESTART leaves a crashed instance down", async () => {
    await using rig = await clusterRig({ restartAfterMs: 30 });
    expect(await rig.run(srvctl, of("modify", "-policy", "NORESTART"))).toEqual({ code: 0, output: "" });
    expect((await rig.run(srvctl, ["config", "database", "-d", "orcl"])).output).toContain(
      "Management policy: NORESTART",
    );
    await rig.members[0]?.engine.shutdown("ABORT");
    await manyLooks(rig);
    expect(rig.instances.map(({ state }) => state)).toEqual(["IDLE", "IDLE"]);
  });
});
