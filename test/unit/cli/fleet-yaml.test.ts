import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { fleetYaml, type FleetText } from "../../../src/cli/render/fleet-yaml.ts";
import { formatProblem } from "../../../src/config/problem.ts";
import { loadFleet } from "../../../src/config/load-fleet.ts";
import type { FoundDatabase } from "../../../src/discover/host/found.ts";
import type { Fleet, HostConfig } from "../../../src/domain/fleet.ts";
import type { DatabaseName, FilePath } from "../../../src/domain/names.ts";

const from = "the instance";
const host: HostConfig = {
  name: "db1",
  address: { host: "db1.example.com", port: 2222 },
  user: "oracle",
  login: { by: "agent", socket: "/run/agent" as FilePath },
};

function database(name: string, more: Partial<FoundDatabase> = {}): FoundDatabase {
  return {
    kind: "database",
    seenIn: ["process 1"],
    home: { value: "/u01/db" as FilePath, from },
    sid: { value: name, from },
    uniqueName: { value: name, from },
    dbid: { value: String(1000 + name.length), from },
    privilege: "sysdba",
    instances: [],
    runs: true,
    services: [
      { service: name, status: "READY", listener: "L", endpoint: { host: "0.0.0.0", port: 1521 } },
      {
        service: `${name}_ADMIN`,
        status: "UNKNOWN",
        listener: "L",
        endpoint: { host: "0.0.0.0", port: 1521 },
      },
    ],
    conflicts: [],
    gaps: [],
    ...more,
  };
}

function written(databases: readonly FoundDatabase[], more: Partial<FleetText> = {}): string {
  const report = { host: "oracle@db1.example.com:2222", account: undefined, databases, problems: [] };
  return fleetYaml({ report, at: "2026-11-21T09:33:00.000Z", host, fleet: undefined, ...more });
}

/** What a person does with the file. */
function completed(text: string): string {
  return text
    .replaceAll(/path: +# fill in.*$/gmu, "path: /backup")
    .replaceAll(/password: +# fill in.*$/gmu, "password: { env: PW }")
    .replaceAll(/connect: +# fill in.*$/gmu, "connect: db1:1521/x");
}

async function problemsIn(text: string): Promise<readonly string[]> {
  const loaded = await loadFleet("/f.yaml", async () => text);
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}

test("the file is ready for the configuration once its blanks are filled, and not before", async () => {
  const text = written([database("PROD1"), database("HR2019", { seenIn: ["clusterware"] })]);
  expect(await problemsIn(completed(text))).toEqual([]);
  expect((await problemsIn(text)).join("\n")).toMatch(
    /storages\.backup\.path[\s\S]*databases\.PROD1\.password/u,
  );
  expect(text).toMatchInlineSnapshot(`
    "# Databases of oracle@db1.example.com:2222, as umbra discover found them at 2026-11-21T09:33:00.000Z.
    # Complete every line with "fill in", then run: umbra config check

    hosts:
      db1:
        address: db1.example.com:2222
        user: oracle
        agent: /run/agent  # of your login: a service needs a key or an agent of its own
        # umbra: [umbra]  # once it is installed there: copies are then made and checked where the data is

    storages:
      backup:
        path:  # fill in: directory on backup storage that umbra's user owns, mounted on db1; each database gets its own below it
        host: here  # copies are read again on this machine: mount the directory here too, or install umbra on db1

    databases:
      PROD1:
        host: db1
        connect: db1.example.com:1521/PROD1_ADMIN
        dbid: "1005"
        user: c##umbra  # a user of the database with SYSBACKUP: create it there
        password:  # fill in: where the password is, as { file: /etc/umbra/PROD1.password }
        storage: backup
        instance:
          by: sqlplus
          oracle-home: /u01/db
          sid: PROD1
          privilege: sysdba
      HR2019:
        like: PROD1
        host: db1
        connect: db1.example.com:1521/HR2019_ADMIN
        dbid: "1006"
        user: c##umbra  # a user of the database with SYSBACKUP: create it there
        instance:
          by: srvctl
          oracle-home: /u01/db
          unique-name: HR2019
    "
  `);
});

test("what is read back is what was found", async () => {
  const loaded = await loadFleet("/f.yaml", async () =>
    completed(written([database("PROD1"), database("B")])),
  );
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join("\n"));
  expect(loaded.fleet.hosts.get("db1")).toEqual(host);
  expect(loaded.fleet.databases.get("B" as DatabaseName)).toMatchObject({
    dbid: "1001",
    host: "db1",
    connect: { connectString: "db1.example.com:1521/B_ADMIN", user: "c##umbra" },
    instance: { by: "sqlplus", oracleHome: "/u01/db", sid: "B", privilege: "sysdba" },
    storage: "backup",
  });
});

describe("what cannot be written as a setting is a comment", () => {
  test("dead entries, Grid Infrastructure, and databases that are configured already", () => {
    const known = {
      databases: new Map([["X", { dbid: "1005" }]]),
      storages: new Map([["nas", {}]]),
      hosts: new Map([["db1", host]]),
    };
    const text = written(
      [
        database("PROD1"),
        database("GONE", { dead: "its home /x does not exist" }),
        database("+ASM1", { kind: "asm" }),
        database("NEW"),
      ],
      { fleet: known as unknown as Fleet },
    );
    expect(text).toContain("# not written: PROD1, whose DBID is in the configuration already");
    expect(text).toContain("# not written: GONE, its home /x does not exist");
    expect(text).toContain("# not written: +ASM1, of Grid Infrastructure (asm)");
    // Its host and a storage are there too.
    expect(text).not.toMatch(/^(hosts|storages):/mu);
    expect(text).toContain("storage: nas");
  });

  test("what stops a backup, and an instance that could not be reached", async () => {
    const { privilege: _, dbid: _dbid, ...found } = database("A", { services: [] });
    const text = written([{ ...found, gaps: [{ stops: ["cold"], seen: "no\nway", todo: "find one" }] }]);
    expect(text).toContain("  # no cold backup yet: no\\nway\n  #   to do: find one\n  A:");
    expect(text).toContain("# instance: sqlplus did not let umbra's account in");
    expect(await problemsIn(completed(text))).toEqual([]);
  });
});

test("whatever databases are called, the completed file is right", async () => {
  const name = fc.oneof(
    fc.stringMatching(/^[A-Za-z][\w$#]{0,12}$/u),
    fc.string({ minLength: 1, maxLength: 20 }),
  );
  const text = fc.string({ maxLength: 20 });
  const found = fc.record({ name, home: text, seen: text, service: text }).map((one) =>
    database(one.name, {
      home: { value: `/${one.home.replaceAll("\0", "")}` as FilePath, from },
      gaps: [{ stops: ["hot"], seen: one.seen, todo: one.seen }],
      services: [
        {
          service: one.service.replaceAll(/[\0/@]/gu, ""),
          status: "READY",
          listener: "L",
          endpoint: { host: "h", port: 1 },
        },
      ],
    }),
  );
  const list = fc.uniqueArray(found, { minLength: 1, maxLength: 4, selector: ({ dbid }) => dbid?.value });
  await fc.assert(
    fc.asyncProperty(list, async (databases) => {
      expect(await problemsIn(completed(written(databases)))).toEqual([]);
    }),
  );
});
