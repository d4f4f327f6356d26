import { rmSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { OraError } from "../../../simulator/engine/ora-error.ts";
import type { StartupRequest } from "../../../src/ports/instance.ts";
import { call, instanceRig, ways } from "./rig.ts";

const clean = ["normal", "transactional", "immediate"] as const;
const states: readonly (StartupRequest & { readonly oracle: string })[] = [
  { to: "nomount", oracle: "NOMOUNT" },
  { to: "mount", oracle: "MOUNT" },
  { to: "open", oracle: "OPEN" },
];

describe.each(Object.keys(ways))("instance control by %s", (way) => {
  test.each(states)("an instance in $oracle is told as $to", async ({ to }) => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: to === "open" ? "OPEN" : to === "mount" ? "MOUNT" : "NOMOUNT" });
    const status = await rig.control.status(call);
    expect(status).toMatchObject({ state: to, restricted: false, readOnly: false });
    expect(status.instances).toHaveLength(1);
  });

  test("an instance that is down is told as down", async () => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    expect(await rig.control.status(call)).toMatchObject({ state: "down", restricted: false });
  });

  test("restricted and read only are told", async () => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to: "MOUNT", restricted: true });
    await rig.instance.open("READ ONLY");
    expect(await rig.control.status(call)).toMatchObject({ state: "open", restricted: true, readOnly: true });
  });

  test.each(clean)("shutdown %s leaves closed files, and asked again it changes nothing", async (mode) => {
    await using rig = await instanceRig(way);
    expect(await rig.control.shutdown({ mode }, call)).toMatchObject({ changed: true });
    expect(rig.instance.state).toBe("IDLE");
    expect(await rig.control.shutdown({ mode }, call)).toEqual({ changed: false });
    await rig.instance.startup({ to: "MOUNT" });
    const headers = (rig.instance.controlFile?.datafiles ?? []).map((file) =>
      rig.instance.datafileHeader(file),
    );
    expect(new Set(headers.map((header) => header.fuzzy))).toEqual(new Set(["NO"]));
    expect(new Set(headers.map((header) => header.checkpointScn)).size).toBe(1);
  });

  test.each(["NOMOUNT", "MOUNT"] as const)("shutdown from %s is no failure", async (to) => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.instance.startup({ to });
    expect(await rig.control.shutdown({ mode: "immediate" }, call)).toMatchObject({ changed: true });
    expect(rig.instance.state).toBe("IDLE");
  });

  test.each(states)(
    "startup reaches $to from down, and asked again it changes nothing",
    async ({ to, oracle }) => {
      await using rig = await instanceRig(way);
      await rig.engine.shutdown("IMMEDIATE");
      expect(await rig.control.startup({ to }, call)).toMatchObject({ changed: true });
      expect(rig.instance.state).toBe(oracle);
      expect(await rig.control.startup({ to }, call)).toEqual({ changed: false });
    },
  );

  test.each(states)("what a change to $to tells of the instance is what a look tells", async ({ to }) => {
    await using rig = await instanceRig(way);
    const looked = await rig.control.status(call);
    const stopped = await rig.control.shutdown({ mode: "immediate" }, call);
    const down = await rig.control.status(call);
    expect(down.state).toBe("down");
    expect([undefined, down]).toContainEqual(stopped.now);
    const started = await rig.control.startup({ to, seen: down }, call);
    const now = await rig.control.status(call);
    expect(now).toMatchObject({ state: to, restricted: looked.restricted });
    expect([undefined, now]).toContainEqual(started.now);
  });

  test("a startup that was told of an instance that is down finds out that it runs", async () => {
    await using rig = await instanceRig(way);
    const seen = { state: "down", restricted: false, readOnly: false, instances: [] } as const;
    expect(await rig.control.startup({ to: "open", seen }, call)).toEqual({ changed: false });
    await expect(rig.control.startup({ to: "mount", seen }, call)).rejects.toMatchObject({
      code: "UMB-5305",
    });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("a restricted startup lets nobody else in, and is not taken for an ordinary one", async () => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.control.startup({ to: "open", restricted: true }, call);
    expect(rig.instance.restricted).toBe(true);
    await expect(rig.control.startup({ to: "open" }, call)).rejects.toMatchObject({
      code: "UMB-5305",
      context: { found: "open restricted" },
    });
  });

  test("read only is opened read only", async () => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    await rig.control.startup({ to: "open", readOnly: true }, call);
    expect(rig.instance.openMode).toBe("READ ONLY");
  });

  test("an open database is not taken back to mount: that would need a shutdown", async () => {
    await using rig = await instanceRig(way);
    await expect(rig.control.startup({ to: "mount" }, call)).rejects.toMatchObject({ code: "UMB-5305" });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("shutdown is refused while files are in backup mode, and the instance stays open", async () => {
    await using rig = await instanceRig(way);
    await rig.instance.beginBackup({ level: "database" });
    await expect(rig.control.shutdown({ mode: "immediate" }, call)).rejects.toMatchObject({
      code: "UMB-5302",
      context: { ora: 1149, lost: false },
    });
    expect(await rig.control.status(call)).toMatchObject({ state: "open" });
  });

  test("a startup that fails names the reason, and status says how far it came", async () => {
    await using rig = await instanceRig(way);
    await rig.engine.shutdown("IMMEDIATE");
    rmSync(`${rig.base}/dbs/spfileORCL.ora`);
    await expect(rig.control.startup({ to: "open" }, call)).rejects.toMatchObject({
      code: "UMB-5301",
      context: { ora: 1078 },
    });
    expect(await rig.control.status(call)).toMatchObject({ state: "down" });
  });

  test("an instance that somebody else started meanwhile is not started twice", async () => {
    await using rig = await instanceRig(way, {
      before: async (number, instance) => {
        if (number === 2) await instance.startup({ to: "OPEN" });
      },
    });
    await rig.engine.shutdown("IMMEDIATE");
    expect(await rig.control.startup({ to: "open" }, call)).toEqual({ changed: false });
  });

  test("a startup that meets a half-started instance is refused with what it met", async () => {
    await using rig = await instanceRig(way, {
      before: async (number, instance) => {
        if (number === 2) await instance.startup({ to: "NOMOUNT" });
      },
    });
    await rig.engine.shutdown("IMMEDIATE");
    await expect(rig.control.startup({ to: "open" }, call)).rejects.toMatchObject(
      way === "sqlplus"
        ? { code: "UMB-5301", context: { ora: 1081 } }
        : { code: "UMB-5305", context: { found: "nomount" } },
    );
    expect(rig.instance.state).toBe("NOMOUNT");
  });

  test("an abort ends in a clean shutdown: restricted in between, consistent after", async () => {
    const seen: string[] = [];
    await using rig = await instanceRig(way, {
      hold: (step) => {
        seen.push(`${step}${rig.instance.restricted ? " restricted" : ""}`);
        return Promise.resolve();
      },
    });
    const request = { mode: "abort", afterwards: "start-restricted-and-shut-down" } as const;
    expect(await rig.control.shutdown(request, call)).toMatchObject({ changed: true });
    expect(seen).toEqual(["start", "mount restricted", "open restricted", "shutdown restricted"]);
    await rig.instance.startup({ to: "MOUNT" });
    const files = rig.instance.controlFile?.datafiles ?? [];
    expect(files.map((file) => rig.instance.datafileHeader(file).fuzzy)).toEqual(files.map(() => "NO"));
  });

  test("an abort whose repair failed is repaired when it is asked for again", async () => {
    let starts = 0;
    await using rig = await instanceRig(way, {
      hold: async (step) => {
        starts += step === "start" ? 1 : 0;
        if (step === "start" && starts === 1) throw new OraError(27_102, "out of memory");
      },
    });
    const request = { mode: "abort", afterwards: "start-restricted-and-shut-down" } as const;
    await expect(rig.control.shutdown(request, call)).rejects.toMatchObject({
      code: "UMB-5301",
      context: { ora: 27_102, action: "startup open restrict" },
    });
    expect(await rig.control.shutdown(request, call)).toMatchObject({ changed: true });
    await rig.instance.startup({ to: "MOUNT" });
    expect(rig.instance.controlFile?.threads.map((thread) => thread.status)).toEqual(["CLOSED"]);
  });

  test("no word of a command line is a password", async () => {
    await using rig = await instanceRig(way);
    await rig.control.shutdown({ mode: "immediate" }, call);
    await rig.control.startup({ to: "open" }, call);
    const ours = rig.commands.map((command) => command.slice(`${rig.oracleHome}/bin/`.length));
    const known =
      way === "sqlplus"
        ? ["sqlplus -S -L / as sysbackup"]
        : [
            "srvctl stop database -d orcl -o immediate",
            "srvctl status database -d orcl -v",
            "srvctl start database -d orcl -o open",
          ];
    expect(new Set(ours)).toEqual(new Set(known));
  });
});
