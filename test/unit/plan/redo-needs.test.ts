import { expect, test } from "vitest";

import type { ArchiveLook, LedgerLog } from "../../../src/domain/archive.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";
import { needsOfStandbys } from "../../../src/plan/redo-needs.ts";

const row = (sequence: number, applied: string, more: Partial<LedgerLog> = {}): LedgerLog => ({
  destination: 2,
  thread: 1,
  sequence,
  resetlogsId: "7",
  firstScn: scn(sequence),
  nextScn: scn(sequence + 1),
  blocks: 1,
  blockSize: 512,
  archived: true,
  deleted: false,
  status: "A",
  applied,
  standby: true,
  ageSeconds: 1,
  path: "/x" as FilePath,
  ...more,
});

const look = (ledger: readonly LedgerLog[], role = "PRIMARY"): ArchiveLook => ({
  dbid: "1",
  role,
  openMode: "READ WRITE",
  logMode: "ARCHIVELOG",
  currentScn: scn(100),
  resetlogsId: "7",
  destinations: [
    {
      id: 2,
      status: "VALID",
      target: "STANDBY",
      destination: "BERLIN",
      binding: "OPTIONAL",
      reopenSeconds: 300,
      failureCount: 0,
      failSequence: 0,
    },
  ],
  parameters: [],
  ledger,
  online: [],
});

test("a standby has applied a thread so far as no log before is missing; memory does not count", () => {
  const rows = [
    row(1, "YES"),
    row(2, "NO"),
    row(2, "YES"),
    row(3, "IN-MEMORY"),
    row(4, "YES"),
    row(9, "YES", { thread: 2 }),
    row(8, "YES", { resetlogsId: "6" }),
  ];
  expect(needsOfStandbys(look(rows)).needs).toEqual([
    { kind: "standby", name: "BERLIN", incarnation: "7", applied: { 1: 2, 2: 9 } },
  ]);
});

test("a standby that said nothing needs everything, and a standby's own apply is not known", () => {
  expect(needsOfStandbys(look([])).needs).toMatchObject([{ applied: {} }]);
  expect(needsOfStandbys(look([row(1, "NO")])).needs).toMatchObject([{ applied: {} }]);
  expect(needsOfStandbys(look([], "PHYSICAL STANDBY")).unknown).toHaveLength(1);
});
