import { expect, test } from "vitest";

import type { Step } from "../../src/domain/step.ts";
import { dieThroughColdBackup } from "./cold-die-everywhere.ts";

test("killed before and after each step of a cold backup: reconcile brings the database back", async () => {
  const { deaths, down, kinds } = await dieThroughColdBackup({
    mode: "plain",
    database: { totalBytes: 2_500_000, archivelog: false },
    copies: [1, 4],
  });
  expect(deaths).toBeGreaterThan(50);
  expect(down).toBeGreaterThan(20);
  expect([...kinds].toSorted()).toEqual([
    "confirm-closed",
    "confirm-identity",
    "copy-controlfile",
    "copy-datafile",
    "copy-file",
    "copy-redo",
    "make-directory",
    "prove-closed",
    "save-parameters",
    "shut-down",
    "start-up",
    "trace-controlfile",
    "write-manifest",
  ]);
});

const first = (kind: Step["kind"]) => (step: Step, index: number, all: readonly Step[]) =>
  step.kind === kind && all.findIndex((one) => one.kind === kind) === index;

test("killed where only mode pre-copy has steps, containers closed and services running: all is as it was", async () => {
  const kinds = [
    "switch-logs",
    "pre-copy-datafile",
    "shut-down",
    "copy-datafile",
    "start-up",
    "verify-copy",
  ] as const;
  const done = await dieThroughColdBackup({
    mode: "pre-copy",
    database: { totalBytes: 9_000_000, cdb: true, pdbs: ["PDB1", "PDB2"] },
    prepare: async ({ instance }) => {
      await instance.changeService(3, { name: "BILLING", networkName: "billing" }, "CREATE");
      await instance.changeService(3, { name: "BILLING" }, "START");
      await instance.closePdb(4);
    },
    steps: (step, index, all) => kinds.some((kind) => first(kind)(step, index, all)),
    copies: [2],
  });
  expect(done.kinds).toEqual(new Set(kinds));
  expect(done.down).toBeGreaterThan(3);
});

test("killed around a picture and the copies of it: the picture goes, and the database is open", async () => {
  const kinds = [
    "take-picture",
    "copy-controlfile",
    "copy-datafile",
    "remove-picture",
    "write-manifest",
  ] as const;
  const done = await dieThroughColdBackup({
    mode: "snapshot",
    database: { totalBytes: 2_500_000 },
    steps: (step, index, all) => kinds.some((kind) => first(kind)(step, index, all)),
    copies: [2, 3],
  });
  expect(done.kinds).toEqual(new Set(kinds));
  expect(done.down).toBeGreaterThan(3);
});
