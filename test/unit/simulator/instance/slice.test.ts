import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startDatabase, openInstance } from "../../../../simulator/instance/start-database.ts";

const folders: string[] = [];
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "umbra-sim-"));
  folders.push(path);
  return path;
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

const columns = [{ name: "ID", type: "NUMBER", nullable: false }];

test("committed rows survive a clean restart", async () => {
  const base = folder();
  const options = { base, name: "ORCL", cdb: true, pdbs: ["PDB1"], now: () => new Date() };
  const instance = await startDatabase(options);
  const table = await instance.createTable(3, { owner: "APP", name: "T", tablespace: "USERS", columns });
  const transaction = instance.begin(3);
  for (let i = 0; i < 500; i += 1) await transaction.insert(table.objectId, [i, `row ${i}`]);
  await transaction.commit();
  await instance.shutdown("IMMEDIATE");
  const again = openInstance(options);
  await again.startup({ to: "OPEN" });
  const rows = [...again.readRows(3, table.objectId)].map((row) => row.values[0]);
  await again.shutdown("IMMEDIATE");
  expect(rows).toHaveLength(500);
});

test("a crash loses nothing that was committed and keeps nothing that was not", async () => {
  const base = folder();
  const options = { base, name: "ORCL", now: () => new Date() };
  const instance = await startDatabase(options);
  const table = await instance.createTable(0, { owner: "APP", name: "T", tablespace: "USERS", columns });
  for (let i = 0; i < 300; i += 1) {
    const transaction = instance.begin(0);
    await transaction.insert(table.objectId, [i, `row ${i}`]);
    await transaction.commit();
  }
  const open = instance.begin(0);
  for (let i = 1000; i < 1300; i += 1) await open.insert(table.objectId, [i, "x".repeat(200)]);
  await instance.checkpoint();
  await open.insert(table.objectId, [2000, "last"]);
  await instance.crash();
  const again = openInstance(options);
  await again.startup({ to: "OPEN" });
  const rows = [...again.readRows(0, table.objectId)]
    .map((row) => Number(row.values[0]))
    .toSorted((a, b) => a - b);
  await again.shutdown("IMMEDIATE");
  expect(rows).toEqual(Array.from({ length: 300 }, (_, i) => i));
});
