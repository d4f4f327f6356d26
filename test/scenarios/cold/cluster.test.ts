import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { inProcessPrograms } from "../../../simulator/doors/in-process-programs.ts";
import { inProcessConnector } from "../../../simulator/doors/in-process.ts";
import { createCluster } from "../../../simulator/instance/create-cluster.ts";
import { type ClusterMember, ClusterResource } from "../../../simulator/programs/cluster-resource.ts";
import { InstanceOperations } from "../../../simulator/programs/instance-operations.ts";
import { createEngine } from "../../../simulator/sql/engine.ts";
import { systemClock } from "../../../src/adapters/clock.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createSrvctlControl } from "../../../src/adapters/srvctl/srvctl-control.ts";
import { createCopier } from "../../../src/copy/copier.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import type { World } from "../../../src/run/world.ts";
import { openState } from "../../../src/state/open-state.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

/** A cluster of two, the agent's world over the first instance's door and srvctl. */
async function clusterWorld(whileCopying: () => void) {
  const scratch = scratchDirectory();
  const directory = scratch.path;
  mkdirSync(join(directory, "backup"));
  const instances = await createCluster({
    base: join(directory, "prod"),
    name: "ORCL",
    totalBytes: 3_000_000,
    logBytes: 262_144,
    now: () => new Date(),
    idle: () => new Promise((resolve) => setImmediate(resolve)),
  });
  for (const instance of instances) await instance.startup({ to: "OPEN" });
  const members = instances.map((instance, index): ClusterMember => {
    const [name, node] = [`ORCL${index + 1}`, `rac${index + 1}`];
    const engine = createEngine(instance, {
      host: node,
      instanceName: name,
      dbUniqueName: "ORCL",
      staticServices: ["ORCL_ADMIN"],
    });
    const operations = new InstanceOperations(engine, instance, () => Promise.resolve());
    return { name, node, engine, instance, operations };
  });
  const [first] = members;
  if (first === undefined) throw new Error("no instance");
  const cluster = new ClusterResource({ members, restartAfterMs: 50 });
  const oracleHome = join(directory, "home");
  const programs = {
    ...first,
    oracleHome,
    sid: first.name,
    cluster,
    groups: new Set(["dba"] as const),
    sqlerrorCoversStartup: false,
  };
  const copier = createCopier({ inlineBelow: Infinity, inlineChunkBytes: 65_536, durable: false });
  const local = createLocalHost({ copier });
  const host = {
    ...local,
    run: inProcessPrograms(programs, local.run.bind(local)),
    copy: (request: Parameters<typeof local.copy>[0]) => {
      whileCopying();
      return local.copy(request);
    },
  };
  const account = {
    user: "C##UMBRA",
    password: "umbra",
    privilege: "SYSBACKUP",
    service: "ORCL_ADMIN",
  } as const;
  const world: World = {
    database: databaseConfig({ directory }),
    connector: inProcessConnector({ engine: first.engine, ...account }),
    instance: createSrvctlControl({ host, clock: systemClock, oracleHome, database: "orcl" }),
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: () => {} },
    state: openState(join(directory, "state")),
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  };
  const end = async () => {
    cluster[Symbol.dispose]();
    for (const { instance, engine } of members) if (instance.state !== "IDLE") await engine.shutdown("ABORT");
    world.state[Symbol.dispose]();
    await copier[Symbol.asyncDispose]();
    scratch[Symbol.dispose]();
  };
  return { world, directory, members, cluster, [Symbol.asyncDispose]: end };
}

test("all instances of a cluster go down for a cold backup, and all come up again (rules 21, 22)", async () => {
  const seen = new Set<string>();
  await using rig = await clusterWorld(() => {
    for (const { instance, name } of rig.members) if (instance.state === "IDLE") seen.add(`${name} is down`);
    if (!rig.cluster.enabled) seen.add("clusterware starts nothing");
  });
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(seen).toEqual(new Set(["ORCL1 is down", "ORCL2 is down", "clusterware starts nothing"]));
  expect(rig.members.map(({ instance }) => instance.openMode)).toEqual(["READ WRITE", "READ WRITE"]);
  expect(rig.cluster.enabled).toBe(true);
  expect(coldManifestOf(made.backup.directory).cold.consistent).toBe(true);
  await using restored = await restoredColdDatabase(made.backup.directory, join(rig.directory, "restored"));
  expect(restored.instance.openMode).toBe("READ WRITE");
});
