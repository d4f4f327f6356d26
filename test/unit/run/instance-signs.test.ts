import { expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { instanceSigns } from "../../../src/run/instance-signs.ts";
import type { World } from "../../../src/run/world.ts";
import { databaseConfig } from "../../rigs/database-config.ts";

const HOME = "/u01/app/oracle/product/23ai/dbhomeFree" as FilePath;

/** A host of which only the list of processes is told, and the environment of one. */
function hostWith(processes: string, home: string): World["databaseHost"] {
  const printed = (text: string, status: number) =>
    Promise.resolve({ status, signal: undefined, stdout: Buffer.from(text), stderr: Buffer.alloc(0) });
  const host: Partial<Host> = {
    run: ([program]) => (program === "ps" ? printed(processes, 0) : printed("", 1)),
    read: () => Promise.resolve(Buffer.from(`PATH=/bin\0ORACLE_HOME=${home}\0ORACLE_SID=FREE\0`)),
  };
  return host as Host;
}

async function signs(processes: string, home: string = HOME): Promise<readonly string[]> {
  const config = databaseConfig({ directory: "/nowhere", connectString: "db:1521/FREE" });
  const database = {
    ...config,
    instance: { by: "sqlplus", oracleHome: HOME, sid: "FREE", privilege: "sysbackup" },
  } as const;
  const databaseHost = hostWith(processes, home);
  const world = { database, databaseHost, signal: new AbortController().signal } as unknown as World;
  return await instanceSigns(world, [{ name: "FREE" }], "FREE");
}

test.each(["ora", "db", "xe"])("a PMON named %s_pmon_SID is a sign of the instance", async (prefix) => {
  expect(await signs(`  12 /sbin/init\n  4711 ${prefix}_pmon_FREE\n`)).toEqual([
    `process 4711 is ${prefix}_pmon_FREE`,
  ]);
});

test("another SID, another home, and a program that only has such a word are none", async () => {
  expect(await signs("  1 db_pmon_FREE2\n  2 grep db_pmon_FREE\n  3 db_smon_FREE\n")).toEqual([]);
  expect(await signs("  1 db_pmon_FREE\n", "/u01/app/oracle/product/19c")).toEqual([]);
});
