import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { INCREMENTAL, refreshOf, type RmanRig, rmanRig } from "./rman-rig.ts";

/** Blocks in which a copy differs from its file; block 1 is the header. */
function differing(rig: RmanRig, tablespace: string): number[] {
  const file = rig.file(tablespace);
  const copy = rig.copies().find((one) => one.file === file.file);
  const [a, b] = [readFileSync(file.path), readFileSync(copy?.path ?? "")];
  expect(b.length).toBe(a.length);
  const found: number[] = [];
  for (let block = 0; block <= file.blocks; block += 1) {
    const at = block * file.blockSize;
    if (a.compare(b, at, at + file.blockSize, at, at + file.blockSize) !== 0) found.push(block);
  }
  return found;
}

test("the first level 1 makes full copies of files without a parent, and says so", async () => {
  await using rig = await rmanRig();
  await rig.addRow();
  const { code, output } = await rig.script(refreshOf(rig.area));
  const files = rig.instance.controlFile?.datafiles ?? [];
  expect(code).toBe(0);
  for (const { file } of files)
    expect(output).toContain(`no parent backup or copy of datafile ${file} found\n`);
  expect(output).toContain("channel c1: starting datafile copy\n");
  expect(output).toContain("no copy of datafile 1 found to recover\n");
  expect(output).toContain("released channel: c1\n");
  expect(rig.copies().map(({ file }) => file)).toEqual(files.map(({ file }) => file));
  expect(rig.copies().every(({ incrementalLevel }) => incrementalLevel === 0)).toBe(true);
});

test("later ones hold the changed blocks, and merge them into the copies", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  const before = rig.copies();
  await rig.addRow();
  const { code, output } = await rig.script(refreshOf(rig.area));
  expect(code).toBe(0);
  expect(output).not.toContain("starting datafile copy");
  expect(output).toContain("channel c1: starting incremental level 1 datafile backup set\n");
  expect(output).toContain("channel c1: specifying datafile copies to recover\n");
  const after = rig.copies();
  expect(after.map(({ path }) => path)).toEqual(before.map(({ path }) => path));
  after.forEach((copy, i) => expect(copy.checkpointScn > (before[i]?.checkpointScn ?? 0n)).toBe(true));
  await rig.instance.checkpoint();
  expect(differing(rig, "USERS")).toEqual([1]);
  const [piece] = rig.instance.controlFile?.rman?.sets.at(-1)?.pieces ?? [];
  expect(piece?.bytes).toBeLessThan(statSync(rig.file("SYSTEM").path).size / 4);
});

test("a file is restored from its merged copy, with redo from its checkpoint on", async () => {
  await using rig = await rmanRig();
  await rig.addRow();
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  // As often as there are groups, so that this redo is in no online log.
  for (let group = 0; group < 4; group += 1) await rig.instance.archiveLogCurrent();
  const old = rig.copies().find(({ file }) => file === rig.file("USERS").file);
  copyFileSync(old?.path ?? "", join(rig.area, "unmerged"));
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  await rig.instance.shutdown("IMMEDIATE");
  // Redo before the merge is gone: only a copy that really moved on can be recovered.
  const arch = join(rig.area, "..", "..", "arch");
  for (const name of readdirSync(arch)) rmSync(join(arch, name));
  const users = join(rig.area, "..", "ORCL", "users01.dbf");
  const restoredFrom = async (copy: string) => {
    copyFileSync(copy, users);
    await rig.instance.startup({ to: "MOUNT" });
    await rig.instance.recover({ scope: { level: "database" }, usingBackupControlfile: false });
  };
  await expect(restoredFrom(join(rig.area, "unmerged"))).rejects.toThrow(/ORA-00283|ORA-00279/u);
  await rig.instance.shutdown("ABORT");
  await restoredFrom(old?.path ?? "");
  await rig.instance.open("READ WRITE");
  expect(rig.rows).toEqual([1, 2, 3]);
});

test("copies and pieces are rows of v$datafile_copy and v$backup_piece, and still are after a restart", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  await rig.script(refreshOf(rig.area));
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  const { output } = await rig.script(
    "select file#, tag, status, deleted from v$datafile_copy where deleted = 'NO' order by file#;\nselect count(*) pieces from v$backup_piece p, v$backup_set s where s.set_count = p.set_count and s.incremental_level = 1;",
  );
  expect(output).toMatch(/1 UMBRA\s+A NO/u);
  expect(output).toMatch(/PIECES\n\s*-+\n\s*1\n/u);
});

test("a tag of somebody else is no parent: another full copy is made", async () => {
  await using rig = await rmanRig();
  await rig.script(`backup as copy incremental level 0 tag 'OTHER' database format '${rig.area}/o_%U';`);
  const { output } = await rig.script(refreshOf(rig.area));
  expect(output).toContain("no parent backup or copy of datafile 1 found");
  expect(rig.copies("OTHER").length).toBe(rig.copies().length);
});

test("a copy that was not made as level 0 is no parent either", async () => {
  await using rig = await rmanRig();
  await rig.script(`backup as copy tag 'UMBRA' database format '${rig.area}/f_%U';`);
  const { output } = await rig.script(refreshOf(rig.area));
  expect(output).toContain("no parent backup or copy of datafile 1 found");
});

test("copies that were uncatalogued and catalogued again are found by their level only", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  const paths = rig.copies().map(({ path }) => `'${path}'`);
  const { output } = await rig.script("change copy of database tag 'UMBRA' uncatalog;");
  expect(output).toContain(`Uncataloged ${paths.length} objects`);
  expect(rig.copies()).toEqual([]);
  await rig.script(`catalog datafilecopy ${paths.join(", ")} level 0 tag 'umbra';`);
  await rig.addRow();
  expect((await rig.script(refreshOf(rig.area))).output).not.toContain("no parent backup");
});

test("the newest of two parents is brought forward, the other stays behind", async () => {
  await using rig = await rmanRig();
  const copy = (name: string) =>
    `backup as copy incremental level 0 tag 'UMBRA' database format '${rig.area}/${name}_%f';`;
  await rig.script(copy("one"));
  await rig.addRow();
  await rig.script(copy("two"));
  await rig.addRow();
  await rig.script(refreshOf(rig.area));
  const [older, newer] = ["one", "two"].map((name) =>
    rig.copies().find(({ path }) => path === join(rig.area, `${name}_1`)),
  );
  expect((newer?.checkpointScn ?? 0n) > (older?.checkpointScn ?? 0n) + 5n).toBe(true);
});

test("a piece that is gone, and a copy that is gone, end the merge; the copies keep their checkpoint", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  const channel = `allocate channel c1 device type disk format '${rig.area}/%U';`;
  await rig.script(`run { ${channel} ${INCREMENTAL}; }`);
  const before = rig.copies();
  const [piece] = rig.instance.controlFile?.rman?.sets.at(-1)?.pieces ?? [];
  rmSync(piece?.handle ?? "");
  const merge = "recover copy of database with tag 'UMBRA';";
  const noPiece = await rig.script(merge);
  expect(noPiece.code).toBe(1);
  expect(noPiece.output).toMatch(
    /RMAN-00569.*\nRMAN-00571.*\nRMAN-03009: failure of recover command on ORA_DISK_1/u,
  );
  expect(noPiece.output).toContain(`ORA-19505: failed to identify file "${piece?.handle}"`);
  rmSync(before[0]?.path ?? "");
  expect((await rig.script(merge)).output).toContain("ORA-19625");
  expect(rig.copies()).toEqual(before);
});

test("a level 1 that does not continue the copy is not applied: something between was lost", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  const channel = `allocate channel c1 device type disk format '${rig.area}/%U';`;
  await rig.addRow();
  const [first] = rig.copies();
  copyFileSync(first?.path ?? "", join(rig.area, "older"));
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  await rig.script(`run { ${channel} ${INCREMENTAL}; }`);
  // An older file in the place of the copy, as a snapshot rolled back would leave it.
  copyFileSync(join(rig.area, "older"), first?.path ?? "");
  const { code, output } = await rig.script("recover copy of database with tag 'UMBRA';");
  expect(code).toBe(1);
  expect(output).toContain("ORA-19923");
});

test("a damaged block stops the backup", async () => {
  await using rig = await rmanRig();
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  const { path, file } = rig.file("USERS");
  const fd = openSync(path, "r+");
  writeSync(fd, Buffer.from("damage"), 0, 6, 20 * 8192 + 100);
  closeSync(fd);
  const { output } = await rig.script(refreshOf(rig.area));
  expect(output).toContain(`ORA-19566: exceeded limit of 0 corrupt blocks for file ${path}`);
  const validated = await rig.script(`validate datafile 1, ${file};`);
  expect(validated.output).toMatch(new RegExp(`^1 +OK .*\n${file} +FAILED `, "mu"));
});
