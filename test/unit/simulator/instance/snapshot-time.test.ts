import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";
import { requireSnapshotTime } from "../../../../simulator/instance/snapshot-recovery.ts";
import { startDatabase } from "../../../../simulator/instance/start-database.ts";
import { createOneTable, putRow } from "./one-table.ts";
import { disposableFolder, mountRestored } from "./rig.ts";
import { rowsOf } from "./workload.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const START = Date.UTC(2026, 10, 21, 12);
const second = (seconds: number): Date => new Date(START + seconds * 1000);

interface Picture {
  readonly base: string;
  readonly instance: OpenInstance;
  readonly objectId: number;
  readonly copies: ReadonlyMap<string, string>;
  readonly controlfile: string;
  /** Commit SCN of the row that was committed in this second. */
  readonly scnOf: ReadonlyMap<number, bigint>;
}

/** A checkpoint in second 5, rows in seconds 1, 10, 20 and 40, and all files at one moment, in second 25. */
async function picture(base: string): Promise<Picture> {
  const clock = { at: 0 };
  const instance = await startDatabase({
    base: join(base, "prod"),
    name: "ORCL",
    now: () => second(clock.at),
    idle: turn,
  });
  const objectId = await createOneTable(instance);
  const scnOf = new Map<number, bigint>();
  const rowIn = async (at: number): Promise<void> => {
    clock.at = at;
    scnOf.set(at, await putRow(instance, objectId, at));
  };
  await rowIn(1);
  clock.at = 5;
  await instance.checkpoint();
  await rowIn(10);
  await rowIn(20);
  await onDisk(join(base, "prod", "oradata", "ORCL", "users01.dbf"), "row 20");
  clock.at = 25;
  await instance.suspend();
  const copies = new Map<string, string>();
  mkdirSync(join(base, "copy"));
  for (const file of instance.controlFile?.datafiles ?? []) {
    const copy = join(base, "copy", `${file.file}.dbf`);
    copyFileSync(file.path, copy);
    copies.set(file.path, copy);
  }
  await instance.resume();
  await rowIn(40);
  await instance.archiveLogCurrent();
  const controlfile = join(base, "copy", "control.bkp");
  await instance.backupControlfile(controlfile, false);
  return { base, instance, objectId, copies, controlfile, scnOf };
}

/** The writer comes to it by itself; headers keep their checkpoint. */
async function onDisk(path: string, text: string): Promise<void> {
  while (!readFileSync(path).includes(text)) await turn();
}

/** Recovers up to, not including, the row of that second, and gives the rows that are there. */
async function recovered(
  { base, instance, objectId, copies, controlfile, scnOf }: Picture,
  how: { readonly before: number; readonly snapshotTime?: Date },
): Promise<readonly number[]> {
  const parameters = new Map(instance.parameters);
  await instance.shutdown("ABORT");
  const logs = join(base, "prod", "arch");
  const restored = await mountRestored({
    parameters,
    base: join(base, "restored"),
    controlfile,
    copies,
    logs,
  });
  try {
    await restored.recover({
      scope: { level: "database" },
      until: { scn: scnOf.get(how.before) ?? 0n },
      usingBackupControlfile: true,
      ...(how.snapshotTime !== undefined && { snapshotTime: how.snapshotTime }),
    });
    await restored.open("RESETLOGS");
    return [...rowsOf(restored, 0, objectId).keys()].toSorted((a, b) => a - b);
  } finally {
    await restored.shutdown("ABORT");
  }
}

test("files of one moment, without backup mode, are recovered past that moment by SNAPSHOT TIME", async () => {
  using folder = disposableFolder();
  const taken = await picture(folder.path);
  expect(await recovered(taken, { before: 40, snapshotTime: second(25) })).toEqual([1, 10, 20]);
});

test("without SNAPSHOT TIME nothing tells how new their blocks are", async () => {
  using folder = disposableFolder();
  const taken = await picture(folder.path);
  await expect(recovered(taken, { before: 40 })).rejects.toThrow(/ORA-01547[^]*ORA-01194/u);
});

test("a target before the moment leaves them in need of more recovery", async () => {
  using folder = disposableFolder();
  const taken = await picture(folder.path);
  await expect(recovered(taken, { before: 20, snapshotTime: second(25) })).rejects.toThrow(/ORA-01194/u);
});

test("a moment before the checkpoint of a file is refused", async () => {
  using folder = disposableFolder();
  const taken = await picture(folder.path);
  await expect(recovered(taken, { before: 40, snapshotTime: second(4) })).rejects.toThrow(
    /ORA-00283[^]*ORA-19839[^]*ORA-01110/u,
  );
});

test("a moment that is too early is believed: what was committed after the target is there", async () => {
  using folder = disposableFolder();
  const taken = await picture(folder.path);
  const rows = await recovered(taken, { before: 20, snapshotTime: second(12) });
  expect(rows).toContain(20);
});

test("without Enterprise Edition it is refused", () => {
  const context = { profile: { edition: "SE2" } } as const;
  const spec = {
    scope: { level: "database" },
    usingBackupControlfile: true,
    snapshotTime: second(0),
  } as const;
  expect(() => requireSnapshotTime(context, spec, [])).toThrow(/ORA-19840/u);
});
