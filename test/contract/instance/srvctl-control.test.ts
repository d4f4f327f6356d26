import { describe, expect, test } from "vitest";

import { systemClock } from "../../../src/adapters/clock.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createSrvctlControl } from "../../../src/adapters/srvctl/srvctl-control.ts";
import { call, instanceRig } from "./rig.ts";

describe("instance control by srvctl alone", () => {
  test("what it cannot do is refused, and nothing is sent", async () => {
    await using rig = await instanceRig("srvctl");
    await rig.engine.shutdown("IMMEDIATE");
    const unable = { code: "UMB-5309", context: { lost: false } };
    const withPfile = rig.control.startup({ to: "open", pfile: "/tmp/init.ora" as never }, call);
    await expect(withPfile).rejects.toMatchObject(unable);
    await rig.instance.startup({ to: "MOUNT" });
    await expect(rig.control.startup({ to: "open" }, call)).rejects.toMatchObject(unable);
    expect(rig.commands.filter((command) => !command.includes("status"))).toEqual([]);
  });

  test("an exit code of 0 is not believed where the instance is not what it should be", async () => {
    const outputs = ["", "Database orcl is running. Instance status: Open.\n"];
    const control = createSrvctlControl({
      host: {
        run: () =>
          Promise.resolve({
            status: 0,
            signal: undefined,
            stdout: Buffer.from(outputs.shift() ?? ""),
            stderr: Buffer.alloc(0),
          }),
      },
      clock: systemClock,
      oracleHome: "/u01/app/oracle/product/19c",
      database: "orcl",
    });
    await expect(control.shutdown({ mode: "immediate" }, call)).rejects.toMatchObject({
      code: "UMB-5303",
      context: { lost: true },
    });
  });

  test("a database that clusterware does not know is its refusal", async () => {
    await using rig = await instanceRig("srvctl");
    const control = createSrvctlControl({
      host: createLocalHost({ copier: { copy: never, verify: never } }),
      clock: systemClock,
      oracleHome: rig.oracleHome,
      database: "other",
    });
    await expect(control.status(call)).rejects.toMatchObject({
      code: "UMB-5308",
      message: expect.stringContaining("PRCD-1120") as string,
    });
  });
});

const never = () => Promise.reject(new Error("nothing is copied here"));

test("what clusterware starts by itself is read, forbidden and allowed again, each as often as is asked", async () => {
  await using rig = await instanceRig("srvctl");
  const { autoRestart } = rig.control;
  if (autoRestart === undefined) throw new Error("srvctl knows clusterware");
  expect(await autoRestart.read(call)).toBe(true);
  expect(await autoRestart.set(false, call)).toMatchObject({ changed: true });
  expect(await autoRestart.set(false, call)).toEqual({ changed: false });
  expect(await autoRestart.read(call)).toBe(false);
  await rig.control.shutdown({ mode: "immediate" }, call);
  await expect(rig.control.startup({ to: "open" }, call)).rejects.toMatchObject({ code: "UMB-5308" });
  expect(await autoRestart.set(true, call)).toMatchObject({ changed: true });
  expect(await rig.control.startup({ to: "open" }, call)).toMatchObject({ changed: true });
});
