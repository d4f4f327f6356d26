import { expect, test } from "vitest";

import type { ManifestDatafile } from "../../../src/domain/manifest.ts";
import { scn } from "../../../src/domain/scn.ts";
import { RunResults } from "../../../src/run/run-results.ts";

const copied = (checkpointScn: string) => ({ checkpointScn }) as unknown as ManifestDatafile;

test("redo is needed from the lowest BEGIN, recovery must pass the highest END", () => {
  const results = new RunResults();
  for (const [file, change] of [20, 10, 30].entries()) results.begun.set(file + 1, scn(change));
  results.ends.push(scn(15), scn(40), scn(35));
  results.switchedAt = scn(50);
  results.datafiles.push(copied("10"), copied("30"));
  expect(results.neededFrom).toBe(10n);
  expect(results.minimumRecovery).toBe(41n);
});

test("a file that was made read only after the last END must not be newer than the recovered database", () => {
  const results = new RunResults();
  results.begun.set(1, scn(10));
  results.ends.push(scn(40));
  results.switchedAt = scn(50);
  results.datafiles.push(copied("10"), copied("45"));
  expect(results.minimumRecovery).toBe(46n);
});

test("where nothing was begun the logs reach over the switch", () => {
  const results = new RunResults();
  results.switchedAt = scn(50);
  results.datafiles.push(copied("7"));
  expect(results.neededFrom).toBe(50n);
  expect(results.minimumRecovery).toBe(51n);
});

test("a file that was created too late needs redo from its creation", () => {
  const results = new RunResults();
  results.begun.set(1, scn(10));
  results.ends.push(scn(40));
  results.absent.push({ file: 9, creationScn: "5", source: "/x", why: "created-later" });
  results.absent.push({ file: 8, creationScn: "1", source: "/y", why: "dropped" });
  expect(results.neededFrom).toBe(5n);
});
