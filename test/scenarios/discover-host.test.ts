import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { describe, expect, test } from "vitest";

import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import { discoverHost } from "../../src/discover/host/discover-host.ts";
import type { HostReport } from "../../src/discover/host/found.ts";
import type { LookedAt } from "../../src/discover/host/host-look.ts";
import { PROCESS_SCRIPT } from "../../src/discover/host/processes.ts";
import type { FilePath } from "../../src/domain/names.ts";
import { type InstanceRig, instanceRig } from "../contract/instance/rig.ts";

const never = () => Promise.reject(new Error("not expected to be called"));

/** This machine without its processes: other tests show theirs at the same time. */
function quietHost(): LookedAt & { readonly ran: readonly string[] } {
  const local = createLocalHost({ copier: { copy: never, verify: never } });
  const ran: string[] = [];
  return {
    ...local,
    ran,
    run: (argv, options) => {
      ran.push(argv.join(" "));
      return local.run(argv[2] === PROCESS_SCRIPT ? ["true"] : argv, options);
    },
  };
}

async function discovered(rig: InstanceRig, host = quietHost()): Promise<HostReport> {
  return await discoverHost({
    name: "here",
    host,
    places: {
      oratabs: [join(rig.base, "etc", "oratab") as FilePath],
      olrs: [join(rig.base, "etc", "olr.loc") as FilePath],
    },
    umbra: undefined,
    deadlineMs: 20_000,
    signal: new AbortController().signal,
  });
}

describe("a simulated ORACLE_HOME is asked through its own programs", () => {
  test("an account of no group sees the database and what it lacks, and the rest is left as it is", async () => {
    await using rig = await instanceRig("sqlplus", { groups: [] });
    const config = join(rig.oracleHome, "rdbms", "lib", "config.c");
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, '#define SS_DBA_GRP "dba"\n#define SS_BKP_GRP "backupdba"\n');
    const { databases } = await discovered(rig);
    expect(databases).toHaveLength(1);
    expect(databases[0]).not.toHaveProperty("dbid");
    expect(databases[0]).toMatchObject({
      version: { value: "19.21.0.0.0", from: "oraversion" },
      gaps: expect.arrayContaining([
        expect.objectContaining({ stops: ["cold"], todo: expect.stringContaining("backupdba") as string }),
      ]) as object[],
    });
    expect(rig.instance.state).toBe("OPEN");
  });

  test("an account of OSDBA alone is let in as SYSDBA", async () => {
    await using rig = await instanceRig("sqlplus", { groups: ["dba"] });
    const { databases } = await discovered(rig);
    expect(databases[0]).toMatchObject({ privilege: "sysdba", openMode: { value: "READ WRITE" } });
  });

  test("each state of the instance is told as far as it goes, and none is changed", async () => {
    await using rig = await instanceRig("sqlplus");
    const { operations } = rig.door;
    const silently = () => undefined;
    await operations.shutdown("IMMEDIATE", silently);
    expect((await discovered(rig)).databases[0]).toMatchObject({ state: { value: "down" } });
    expect(rig.instance.state).toBe("IDLE");
    await operations.startup({ to: "NOMOUNT", readOnly: false, restricted: false }, silently);
    const started = (await discovered(rig)).databases[0];
    expect(started).toMatchObject({ state: { value: "started" }, version: { from: "the instance" } });
    expect(started).not.toHaveProperty("dbid");
    await rig.instance.mount();
    expect((await discovered(rig)).databases[0]).toMatchObject({
      state: { value: "mounted" },
      openMode: { value: "MOUNTED" },
      dbid: { value: String(rig.instance.controlFile?.dbid) },
    });
    expect(rig.instance.state).toBe("MOUNT");
  });

  test("what clusterware has registered is joined to the line of oratab", async () => {
    await using rig = await instanceRig("srvctl");
    writeFileSync(join(rig.base, "etc", "olr.loc"), `olrconfig_loc=/x\ncrs_home=${rig.oracleHome}\n`);
    const { databases, gridHome } = await discovered(rig);
    expect(gridHome?.value).toBe(rig.oracleHome);
    expect(databases).toHaveLength(1);
    expect(databases[0]).toMatchObject({
      seenIn: [expect.stringContaining("oratab:2") as string, "clusterware"],
      uniqueName: { value: "ORCL", from: "the instance" },
      clusterType: "SINGLE",
    });
  });

  test("only programs that tell are run, and each with a fixed language", async () => {
    await using rig = await instanceRig("sqlplus");
    const host = quietHost();
    await discovered(rig, host);
    const ofHome = host.ran.filter((line) => line.startsWith("/usr/bin/env"));
    const asked = ofHome.map((line) =>
      line.slice(line.indexOf(`${rig.oracleHome}/bin/`) + rig.oracleHome.length),
    );
    expect(asked.toSorted()).toEqual([
      "/bin/lsnrctl status LISTENER",
      "/bin/oraversion -compositeVersion",
      "/bin/sqlplus -S -L / as sysbackup",
    ]);
    expect(ofHome.every((line) => line.includes("LC_ALL=C") && line.includes("TWO_TASK= "))).toBe(true);
  });
});
