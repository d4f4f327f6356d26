import { expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { RmanCopy } from "../../../src/domain/rman.ts";
import { scn } from "../../../src/domain/scn.ts";
import { mergeProblems, rmanParent, usableFrom } from "../../../src/plan/rman-copies.ts";

const file = { file: 7, creationScn: scn(100), target: "/bk/7" };
const good: RmanCopy = {
  recid: 1,
  file: 7,
  path: "/bk/7" as FilePath,
  creationScn: scn(100),
  resetlogsScn: scn(1),
  checkpointScn: scn(500),
  absoluteFuzzyScn: scn(0),
  level: 0,
  status: "A",
  corruptBlocks: 0,
  blocks: 10,
};
const found = (...copies: readonly RmanCopy[]) => rmanParent(file, copies, scn(1), file.target);

test("exactly one sound copy of level 0 at its place is a parent", () => {
  expect(found(good)).toEqual({ found: "good", copy: good });
});

const bad: readonly (readonly [string, readonly RmanCopy[], RegExp])[] = [
  ["two copies", [good, { ...good, recid: 2, path: "/bk/8" as FilePath }], /knows 2 copies/u],
  ["an expired one", [{ ...good, status: "X" }], /was not there at the last crosscheck/u],
  ["one that is no level 0", [{ ...good, level: undefined }], /was not made as level 0/u],
  ["one with damaged blocks", [{ ...good, corruptBlocks: 2 }], /2 damaged blocks/u],
  ["one at another place", [{ ...good, path: "/else" as FilePath }], /lies at \/else/u],
];

test.each(bad)("%s: no parent (rule 79)", (_name, copies, why) => {
  const parent = found(...copies);
  expect(parent.found).toBe("bad");
  expect(parent.found === "bad" && parent.why).toMatch(why);
});

test("copies of another file of this number, or another incarnation, do not count", () => {
  expect(found({ ...good, creationScn: scn(99) }, { ...good, resetlogsScn: scn(2) })).toEqual({
    found: "none",
  });
});

const expected = (before: number, current: number) => ({
  resetlogsScn: scn(1),
  before: new Map([[7, scn(before)]]),
  current: new Map([[7, scn(current)]]),
});

test("a merge is done where each copy came forward, or nobody wrote its file", () => {
  expect(mergeProblems([file], [good], expected(499, 900))).toEqual([]);
  expect(mergeProblems([file], [good], expected(500, 500))).toEqual([]);
  expect(mergeProblems([file], [good], { ...expected(0, 900), before: new Map() })).toEqual([]);
});

test("a copy that stands still while its file moves on was not merged", () => {
  const still = ["datafile 7: its copy is still of SCN 500"];
  expect(mergeProblems([file], [good], expected(500, 501))).toEqual(still);
  expect(mergeProblems([file], [good], { ...expected(500, 0), current: new Map() })).toEqual(still);
  expect(mergeProblems([file], [], expected(500, 501))).toEqual(["datafile 7: RMAN knows no copy of it"]);
});

test("a copy is of use past its checkpoint and its newest block (rule 84)", () => {
  expect(usableFrom(good)).toBe(501n);
  expect(usableFrom({ ...good, absoluteFuzzyScn: scn(600) })).toBe(601n);
});
