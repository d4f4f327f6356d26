import { expect, test } from "vitest";

import { lsnrctl } from "../../../../simulator/programs/lsnrctl.ts";
import { srvctl } from "../../../../simulator/programs/srvctl/srvctl.ts";
import { parseClusterDatabase, parseClusterNames } from "../../../../src/discover/host/cluster-config.ts";
import { parseListenerStatus } from "../../../../src/discover/host/listener-status.ts";
import { programRig } from "./program-rig.ts";

const listener = { host: "127.0.0.1", port: 1521, staticServices: ["ORCL_ADMIN"] };

test("the simulated listener tells what is registered, by hand and by the instance", async () => {
  await using rig = await programRig();
  const host = { ...rig.host, listener };
  const told = async () => {
    const { code, output } = await rig.run((_, process) => lsnrctl(host, process), ["status", "LISTENER"]);
    expect(code).toBe(0);
    return parseListenerStatus(output);
  };
  const own = { service: "ORCL", instance: "ORCL", status: "READY" };
  const byHand = { service: "ORCL_ADMIN", instance: "ORCL", status: "UNKNOWN" };
  expect(await told()).toEqual({
    endpoints: [{ host: "127.0.0.1", port: 1521 }],
    served: [own, byHand],
    problem: undefined,
  });
  await rig.host.operations.shutdown("IMMEDIATE", () => undefined);
  expect((await told()).served).toEqual([byHand]);
  await rig.host.operations.startup({ to: "MOUNT", readOnly: false, restricted: false }, () => undefined);
  expect((await told()).served).toEqual([{ ...own, status: "BLOCKED" }, byHand]);
});

test.each([
  [["status", "OTHER"], "TNS-12541"],
  [["reload"], "NL-00853"],
])("lsnrctl %j is answered with %s", async (argv, code) => {
  await using rig = await programRig();
  const host = { ...rig.host, listener };
  const refused = await rig.run((_, process) => lsnrctl(host, process), argv);
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(code);
});

test("srvctl lists what is registered, and what of it", async () => {
  await using rig = await programRig();
  const listed = await rig.run(srvctl, ["config", "database"]);
  expect(parseClusterNames(listed.output)).toEqual(["ORCL"]);
  const long = await rig.run(srvctl, ["config", "database", "-v"]);
  expect(parseClusterNames(long.output)).toEqual(["ORCL"]);
  const one = await rig.run(srvctl, ["config", "database", "-d", "orcl"]);
  expect(parseClusterDatabase(one.output)).toMatchObject({
    uniqueName: "ORCL",
    home: rig.host.oracleHome,
    type: "SINGLE",
    instances: ["ORCL"],
  });
  expect(await rig.run(srvctl, ["config", "database", "-d", "other"])).toMatchObject({ code: 1 });
  expect(await rig.run(srvctl, ["config", "world"])).toMatchObject({ code: 1 });
});
