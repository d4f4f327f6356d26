import { join } from "node:path";

import { expect, test } from "vitest";

import type { TablespaceSpec } from "../../../simulator/instance/api.ts";
import { createStandbyPair } from "../../../simulator/instance/create-standby.ts";
import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { coldManifestOf, restoredColdDatabase } from "../../rigs/restored-cold-database.ts";
import { simulatedWorld, type SimulatedWorldOptions } from "../../rigs/simulated-world.ts";

test.each(["sqlplus", "srvctl"] as const)("a database that is stopped and started with %s", async (way) => {
  await using rig = await simulatedWorld({ way });
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(coldManifestOf(made.backup.directory).cold.proof.headersInMount).toBe(4);
  expect(rig.instance.openMode).toBe("READ WRITE");
});

test("a database that is open read only, with restricted session, comes back so", async () => {
  await using rig = await simulatedWorld();
  const { operations } = rig.programs;
  await operations.shutdown("IMMEDIATE", () => undefined);
  await operations.startup({ to: "OPEN", readOnly: true, restricted: true }, () => undefined);
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(rig.instance).toMatchObject({ openMode: "READ ONLY", restricted: true });
});

test("a mounted database that was closed cleanly stays mounted", async () => {
  await using rig = await simulatedWorld();
  const { operations } = rig.programs;
  await operations.shutdown("IMMEDIATE", () => undefined);
  await operations.startup({ to: "MOUNT", readOnly: false, restricted: false }, () => undefined);
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(rig.instance.state).toBe("MOUNT");
  await using restored = await restoredColdDatabase(made.backup.directory, join(rig.directory, "restored"));
  expect(restored.instance.openMode).toBe("READ WRITE");
});

/** A standby that applies redo, and its primary. */
async function standbyWorld(options: SimulatedWorldOptions = {}) {
  const pair: { primary?: OpenInstance } = {};
  const rig = await simulatedWorld({
    ...options,
    start: async (base) => {
      const { primary, standby } = await createStandbyPair({
        name: "ORCL",
        base: join(base, "..", "primary"),
        standbyBase: base,
        now: () => new Date(),
      });
      pair.primary = primary;
      await primary.startup({ to: "OPEN" });
      await primary.archiveLogCurrent();
      await standby.startup({ to: "MOUNT" });
      await standby.startApply({ realTime: true, wait: false });
      return standby;
    },
  });
  const end = async () => {
    await pair.primary?.shutdown("ABORT");
    await rig[Symbol.asyncDispose]();
  };
  return { ...rig, [Symbol.asyncDispose]: end };
}

test("redo apply of a standby is stopped before, and runs again after (rule 26)", async () => {
  await using rig = await standbyWorld();
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const manifest = coldManifestOf(made.backup.directory);
  expect(new Set(manifest.datafiles.map((file) => file.checkpointScn)).size).toBe(1);
  expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
  expect(rig.instance.state).toBe("MOUNT");
  expect(rig.instance.standbyApply).toBeDefined();
  expect(made.warnings.map(({ rule }) => rule)).toContain(111);
});

test("a standby that is behind its primary is told before, and one that does not catch up after (rule 26)", async () => {
  await using rig = await standbyWorld({
    config: { deadlines: { startupMs: 3_000 } },
    whileCopying: async () => {
      if (rig.instance.state === "IDLE") rig.instance.extraLagSeconds = 9_000;
    },
  });
  rig.instance.extraLagSeconds = 600;
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(made.warnings.map(({ seen }) => seen).join()).toContain("the standby is 10m00s behind its primary");
  const told = rig.events.flatMap((event) => (event.kind === "warning" ? [event.warning.seen] : []));
  expect(told).toContainEqual("redo apply runs again, and its lag is 2h30m and does not shrink");
});

test("read-only files with a verified copy are not copied again, and are verified with the backup that needs them", async () => {
  await using rig = await simulatedWorld();
  await rig.instance.setTablespace(0, "USERS", "READ ONLY");
  const first = await backupCold(rig.world);
  if (!first.ok) throw new Error(JSON.stringify(first.refusals));
  expect((await verifyBackup(rig.world, first.backup.id)).problems).toEqual([]);
  const second = await backupCold(rig.world);
  if (!second.ok) throw new Error(JSON.stringify(second.refusals));
  const { kept, datafiles } = coldManifestOf(second.backup.directory);
  expect(kept).toMatchObject([{ tablespace: "USERS", backup: first.backup.id }]);
  expect(datafiles.map((file) => file.tablespace)).not.toContain("USERS");
  expect((await verifyBackup(rig.world, second.backup.id)).problems).toEqual([]);
  await using restored = await restoredColdDatabase(second.backup.directory, join(rig.directory, "restored"));
  expect(restored.instance.openMode).toBe("READ WRITE");
});

test("files that are offline are copied as they are, and one that needs recovery is told", async () => {
  await using rig = await simulatedWorld({ database: { cdb: false } });
  await rig.instance.createTablespace(0, tablespace("QUIET", join(rig.directory, "prod", "quiet.dbf")));
  await rig.instance.createTablespace(0, tablespace("TORN", join(rig.directory, "prod", "torn.dbf")));
  await rig.instance.setTablespace(0, "QUIET", "OFFLINE NORMAL");
  await rig.instance.setTablespace(0, "TORN", "OFFLINE IMMEDIATE");
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  const { datafiles } = coldManifestOf(made.backup.directory);
  const recovery = (name: string) => datafiles.find((file) => file.tablespace === name)?.needsRecovery;
  expect([recovery("QUIET"), recovery("TORN")]).toEqual([false, true]);
  expect(made.warnings.map(({ rule }) => rule)).toContain(33);
  expect((await verifyBackup(rig.world, made.backup.id)).problems).toEqual([]);
});

function tablespace(name: string, path: string): TablespaceSpec {
  const file = { path, bytes: 262_144, reuse: false, autoextend: null };
  return { name, contents: "PERMANENT", bigfile: false, blockSize: 8192, files: [file] };
}
