import { expect, test } from "vitest";

import type { OpenInstance } from "../../../simulator/instance/open-instance.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { verifyBackup } from "../../../src/run/verify-backup.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

async function backedUp(rig: SimulatedWorld, options: Parameters<typeof backupHot>[1] = {}) {
  const outcome = await backupHot(rig.world, options);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
  const verified = await verifyBackup(rig.world, outcome.backup.id);
  expect(verified.problems).toEqual([]);
  return manifestOf(outcome.backup.directory);
}

async function addTablespace(instance: OpenInstance, base: string, name: string, conId = 0): Promise<void> {
  await instance.createTablespace(conId, {
    name,
    contents: "PERMANENT",
    bigfile: false,
    blockSize: 8192,
    files: [{ path: `${base}/prod/${name} 'x'\n.dbf`, bytes: 262_144, reuse: false, autoextend: null }],
  });
}

test.each([1, 3])(
  "database mode with %i copies at once copies every file of every container",
  async (parallel) => {
    await using rig = await simulatedWorld({ database: { cdb: true, pdbs: ["SALES"] } });
    const manifest = await backedUp(rig, { mode: "database", parallel });
    expect(manifest.datafiles.map((file) => file.file)).toEqual(
      rig.instance.controlFile?.datafiles.map((file) => file.file).toSorted((a, b) => a - b),
    );
    expect(
      manifest.datafiles.filter((file) => file.container === "SALES").every((file) => file.hotBackup),
    ).toBe(true);
    expect(
      manifest.datafiles.filter((file) => file.container === "PDB$SEED").some((file) => file.hotBackup),
    ).toBe(false);
  },
);

test("read-only, cleanly offline and cleanly closed files are copied without markers", async () => {
  await using rig = await simulatedWorld({ database: { cdb: true, pdbs: ["SALES", "HR"] } });
  const { instance, directory } = rig;
  await addTablespace(instance, directory, "OLD", 1);
  await instance.setTablespace(1, "OLD", "READ ONLY");
  const hr = instance.controlFile?.containers.find((one) => one.name === "HR")?.conId ?? 0;
  await instance.closePdb(hr);
  const manifest = await backedUp(rig);
  const unmarked = manifest.datafiles.filter((file) => file.mode === "consistent");
  expect(new Set(unmarked.map((file) => `${file.container}:${file.tablespace}`))).toContain("CDB$ROOT:OLD");
  expect(manifest.datafiles.filter((file) => file.container === "HR").map((file) => file.mode)).toEqual(
    manifest.datafiles.filter((file) => file.container === "HR").map(() => "consistent"),
  );
});

test("a tablespace whose name needs quoting, in a file with a newline in its name, is backed up", async () => {
  await using rig = await simulatedWorld();
  await addTablespace(rig.instance, rig.directory, "we 'ird ü");
  const manifest = await backedUp(rig, { tablespaces: ["we 'ird ü"] });
  expect(manifest.whole).toBe(false);
  expect(manifest.datafiles.map((file) => file.name)).toEqual([
    expect.stringMatching(/^data\/\d+_\d+_[A-Za-z0-9_]+\.dbf$/),
  ]);
});

test("offline files are marked: cleanly with NORMAL, in need of recovery with IMMEDIATE", async () => {
  await using rig = await simulatedWorld();
  await addTablespace(rig.instance, rig.directory, "CLEAN");
  await addTablespace(rig.instance, rig.directory, "TORN");
  await rig.instance.setTablespace(0, "CLEAN", "OFFLINE NORMAL");
  await rig.instance.setTablespace(0, "TORN", "OFFLINE IMMEDIATE");
  const manifest = await backedUp(rig);
  const needs = Object.fromEntries(manifest.datafiles.map((file) => [file.tablespace, file.needsRecovery]));
  expect(needs).toMatchObject({ CLEAN: false, TORN: true });
});

test("two redo threads: the logs of both are waited for and copied", async () => {
  await using rig = await simulatedWorld({ database: { threads: 2 } });
  const manifest = await backedUp(rig);
  expect(manifest.scns.threads).toEqual([1, 2]);
  const ends = manifest.scns.threads.map((thread) =>
    Math.max(...manifest.logs.filter((log) => log.thread === thread).map((log) => Number(log.nextScn))),
  );
  expect(Number(manifest.scns.recoverableTo)).toBe(Math.min(...ends));
  expect(Number(manifest.scns.recoverableTo)).toBeGreaterThanOrEqual(Number(manifest.scns.minimumRecovery));
});
