import { expect, test } from "vitest";

import type { Fleet } from "../../../src/domain/fleet.ts";
import type { DatabaseName } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { OpenHosts } from "../../../src/wire/open-hosts.ts";
import { fleetOf } from "../config/fleet-files.ts";

const CONFIG = `
hosts:
  db1: {address: db1, user: u, password: {env: SECRET}, umbra: [umbra]}
  db2: {address: "db2:2222", user: u, key: /k, passphrase: {env: SECRET}, via: db1}
storages: {own: {path: /own}, here: {path: /here, host: here}, far: {path: /far, host: db1}}
defaults: {user: U, password: {env: PW}}
databases:
  LOCAL: {connect: a/A, storage: own}
  LOCAL_HERE: {connect: a/A, storage: here}
  LOCAL_FAR: {connect: a/A, storage: far}
  REMOTE: {connect: a/A, storage: own, host: db1}
  REMOTE_HERE: {connect: a/A, storage: here, host: db2}
  REMOTE_FAR: {connect: a/A, storage: far, host: db1}
  OTHER_FAR: {connect: a/A, storage: far, host: db2}
`;

async function rig() {
  const { fleet } = await fleetOf({ "/f.yaml": CONFIG });
  const counts = { made: 0, ended: 0, secrets: 0 };
  const verified: string[] = [];
  const here = () => {
    counts.made += 1;
    const verify: Host["verify"] = ({ path }) => {
      verified.push(path);
      return Promise.reject(new Error("verified here"));
    };
    const dispose = async () => void (counts.ended += 1);
    return { name: "local", verify, [Symbol.asyncDispose]: dispose } as unknown as Host & AsyncDisposable;
  };
  const secrets = () => async () => {
    counts.secrets += 1;
    return "s3cret";
  };
  const hosts = new OpenHosts({ fleet, secrets, connectMs: 1_000, here, version: "1.2.3" });
  return { fleet, hosts, counts, verified, of: (name: string) => hosts.of(databaseOf(fleet, name)) };
}

function databaseOf(fleet: Fleet, name: string) {
  const database = fleet.databases.get(name as DatabaseName);
  if (database === undefined) throw new Error(name);
  return database;
}

test.each([
  ["LOCAL", "local", "local"],
  ["LOCAL_HERE", "local", "local"],
  ["LOCAL_FAR", "local", "db1"],
  ["REMOTE", "db1", "db1"],
  ["REMOTE_HERE", "[db2]:2222", "local"],
  ["REMOTE_FAR", "db1", "db1"],
  ["OTHER_FAR", "[db2]:2222", "db1"],
])("%s: the data is on %s, backups are read on %s", async (name, database, backup) => {
  const { hosts, of } = await rig();
  const { databaseHost, backupHost } = of(name);
  expect([databaseHost.name, backupHost.name]).toEqual([database, backup]);
  expect(databaseHost === backupHost).toBe(database === backup);
  await hosts[Symbol.asyncDispose]();
});

test("each machine is opened once, and ended with the rest; no secret is read before it is needed", async () => {
  const { hosts, of, counts } = await rig();
  const first = of("LOCAL");
  expect(of("LOCAL_HERE").databaseHost).toBe(first.databaseHost);
  expect(of("REMOTE").databaseHost).toBe(of("REMOTE_FAR").backupHost);
  expect(counts).toEqual({ made: 1, ended: 0, secrets: 0 });
  await hosts[Symbol.asyncDispose]();
  await hosts[Symbol.asyncDispose]();
  expect(counts.ended).toBe(1);
});

test("what the tools of a host copied is read where the storage is mounted too", async () => {
  const { hosts, of, verified } = await rig();
  const request = { path: "/here/x", mode: "none", blockSize: 8192, stallMs: 1_000 } as unknown as Parameters<
    Host["verify"]
  >[0];
  await expect(of("REMOTE_HERE").databaseHost.verify(request)).rejects.toThrow("verified here");
  expect(verified).toEqual(["/here/x"]);
  await hosts[Symbol.asyncDispose]();
});

test("a host that is not configured is a bug of ours, not of the user", async () => {
  const { hosts } = await rig();
  expect(() => hosts.named("db9")).toThrow("db9");
});

test.each([
  ["LOCAL", "LOCAL_FAR", "local"],
  ["REMOTE_HERE", "OTHER_FAR", "[db2]:2222"],
  ["REMOTE_HERE", "LOCAL", "local"],
  ["OTHER_FAR", "REMOTE", "db1"],
  ["LOCAL", "REMOTE", undefined],
  ["REMOTE", "OTHER_FAR", undefined],
])("into the area of %s, files of %s are copied by %s", async (name, other, copier) => {
  const { fleet, hosts } = await rig();
  await using _hosts = hosts;
  expect(hosts.copierOf(databaseOf(fleet, name), databaseOf(fleet, other))?.name).toBe(copier);
});
