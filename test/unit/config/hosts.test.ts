import { expect, test } from "vitest";

import type { DatabaseName } from "../../../src/domain/names.ts";
import { fleetOf, problemTexts } from "./fleet-files.ts";

const FLEET = `
hosts:
  db1:
    address: "[fd00::1]:2222"
    user: umbra
    key: /etc/umbra/key
    passphrase: {file: /etc/umbra/phrase}
    via: bastion
    become: [sudo, -n, -u, oracle, --]
    umbra: [/usr/bin/umbra]
  db2: {address: db2, user: oracle, password: {exec: [/bin/pass, db2]}}
  bastion: {address: bastion, user: umbra, agent: /run/agent}
storages: {nas1: {path: /backup, host: here}, nas2: {path: /other, host: db1}, nas3: {path: /local}}
oracle-client: {lib-dir: /opt/oracle/}
defaults: {storage: nas1, user: U, password: {credential: umbra}, host: db1, cold: {mode: plain}}
databases:
  A:
    connect: a/A
    instance: {by: sqlplus, oracle-home: /u01/home/, sid: A1}
    cold: {max-downtime: 10m, on-overrun: continue, abort-when-stuck: true}
  B:
    like: A
    connect: b/B
    host: db2
    instance: {by: srvctl, oracle-home: /u01/home, unique-name: B_U}
  C: {like: A, connect: c/C}
  D: {connect: d/D, instance: {by: oracledb, connect: d/D_STATIC, privilege: sysdba}}
`;

async function database(name: string) {
  const { fleet, origins } = await fleetOf({ "/f.yaml": FLEET });
  const config = fleet.databases.get(name as DatabaseName);
  if (config === undefined) throw new Error(`${name} is not in the fleet`);
  return { config, origins: origins.get(name as DatabaseName) ?? [], fleet };
}

test("a host has its address, its account, one way to log in, and what stands before its programs", async () => {
  const { fleet } = await database("A");
  expect([...fleet.hosts.values()]).toEqual([
    {
      name: "db1",
      address: { host: "fd00::1", port: 2222 },
      user: "umbra",
      login: { by: "key", path: "/etc/umbra/key", passphrase: { from: "file", path: "/etc/umbra/phrase" } },
      via: "bastion",
      become: ["sudo", "-n", "-u", "oracle", "--"],
      umbra: ["/usr/bin/umbra"],
    },
    {
      name: "db2",
      address: { host: "db2", port: 22 },
      user: "oracle",
      login: { by: "password", password: { from: "exec", argv: ["/bin/pass", "db2"] } },
    },
    {
      name: "bastion",
      address: { host: "bastion", port: 22 },
      user: "umbra",
      login: { by: "agent", socket: "/run/agent" },
    },
  ]);
  expect(Object.isFrozen(fleet.hosts.get("db1")?.login)).toBe(true);
});

test("a forced command is umbra there, and nothing else", async () => {
  const text = FLEET.replace("umbra: [/usr/bin/umbra]", "umbra: forced-command");
  const { fleet } = await fleetOf({ "/f.yaml": text.replace(/ {4}become.*\n/, "") });
  expect(fleet.hosts.get("db1")).toMatchObject({ umbra: ["umbra"], forcedCommand: true });
  expect(await problemTexts(text)).toEqual([
    "hosts.db1.become cannot stand before a forced command: put it into that command",
  ]);
});

test("copies that nobody can check are refused before anything is copied", async () => {
  const without = FLEET.replace("    umbra: [/usr/bin/umbra]\n", "");
  expect(await problemTexts(without)).toEqual([]);
  const nowhere = without.replace("defaults: {storage: nas1", "defaults: {storage: nas3");
  expect(await problemTexts(nowhere)).toContain(
    "databases.A.host is db1, where nobody can check copies: " +
      "give hosts.db1.umbra, or storages.nas3.host where the storage is mounted too",
  );
});

test("a storage says where else it is mounted, and no setting means no capability", async () => {
  const { fleet } = await database("A");
  expect([...fleet.storages.values()].map(({ host }) => host)).toEqual(["here", "db1", undefined]);
  expect(fleet.oracleClient).toEqual({ libDirectory: "/opt/oracle" });
  const { fleet: plain } = await fleetOf({
    "/f.yaml":
      "storages: {s: {path: /b}}\ndatabases: {A: {connect: a/A, user: U, storage: s, password: {env: P}}}",
  });
  expect(plain.databases.get("A" as DatabaseName)).not.toHaveProperty("host");
  expect(plain.databases.get("A" as DatabaseName)).not.toHaveProperty("instance");
  expect(plain).not.toHaveProperty("oracleClient");
  expect(plain.hosts.size).toBe(0);
});

test("host and cold settings are inherited; the instance never is", async () => {
  expect((await database("C")).config).toMatchObject({
    host: "db1",
    cold: {
      mode: "plain",
      shutdown: "immediate",
      maxDowntimeMs: 600_000,
      onOverrun: "continue",
      abortWhenStuck: true,
    },
  });
  expect((await database("C")).config).not.toHaveProperty("instance");
  expect((await database("D")).config.cold).not.toHaveProperty("maxDowntimeMs");
});

test("each way to the instance has what it needs and no more", async () => {
  expect((await database("A")).config.instance).toEqual({
    by: "sqlplus",
    oracleHome: "/u01/home",
    sid: "A1",
    privilege: "sysbackup",
  });
  expect((await database("B")).config).toMatchObject({ host: "db2" });
  expect((await database("B")).config.instance).toEqual({
    by: "srvctl",
    oracleHome: "/u01/home",
    uniqueName: "B_U",
  });
  expect((await database("D")).config.instance).toEqual({
    by: "oracledb",
    connectString: "d/D_STATIC",
    privilege: "sysdba",
  });
});

test("the host and the way to the instance tell where they were set", async () => {
  const { origins } = await database("B");
  const from = Object.fromEntries(origins.map(({ setting, from: place }) => [setting, place]));
  expect(from).toMatchObject({
    host: "/f.yaml:24:11",
    "instance.by": "/f.yaml:25:20",
    "cold.mode": "/f.yaml:15:91",
    "cold.max-downtime": "/f.yaml:20:26",
    "cold.shutdown": "built in",
  });
});

test("hosts may stand in included files, Oracle's client in the first only", async () => {
  const { fleet } = await fleetOf({
    "/f.yaml": `${FLEET}\ninclude: [more.yaml]`,
    "/more.yaml": "hosts: {db4: {address: db4, user: u, key: /k, via: db1}}",
  });
  expect([...fleet.hosts.keys()]).toEqual(["db1", "db2", "bastion", "db4"]);
  await expect(
    fleetOf({
      "/f.yaml": `${FLEET}\ninclude: [more.yaml]`,
      "/more.yaml": "oracle-client: {lib-dir: /x}\nhosts: {db1: {address: x, user: u, key: /k}}",
    }),
  ).rejects.toThrow(
    "oracle-client may stand in the first file only\nhosts.db1 is already set at /f.yaml:3:3",
  );
});

test("a connect string for the instance must not hold a password either", async () => {
  const text = FLEET.replace("d/D_STATIC", "sys/hunter2@d/D_STATIC");
  expect(await problemTexts(text)).toEqual([
    "databases.D.instance.connect must not hold a user or a password: give them in user and password",
  ]);
});
