import { describe, expect, test } from "vitest";

import type { AreaCopy, AreaLook } from "../../../src/domain/area-look.ts";
import type { RefreshedDatafile, RefreshedManifest } from "../../../src/domain/manifest.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { formatScn, scn } from "../../../src/domain/scn.ts";
import { planBaseline } from "../../../src/plan/baseline.ts";
import { flatSteps } from "../../../src/plan/describe-step.ts";
import { planRefresh } from "../../../src/plan/refresh.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const config = databaseConfig({ directory: "/b" });
const runId = "20261121T093300Z-refresh-000001" as RunId;
const USERS = { file: 2, path: "/data/users.dbf" as FilePath };

function copyOf(file: number, more: Partial<AreaCopy> = {}): AreaCopy {
  return {
    name: `data/${file}_${file}_${file}.dbf`,
    bytes: 8192 * 11,
    file,
    creationScn: scn(file),
    header: { dbid: "7", file, creationScn: scn(file), blockSize: 8192, checkpointScn: scn(90) },
    ...more,
  };
}

function entryOf(file: number, more: Partial<RefreshedDatafile> = {}): RefreshedDatafile {
  const { name, bytes } = copyOf(file);
  return {
    name,
    bytes,
    file,
    creationScn: String(file),
    relativeFile: file,
    bigfile: false,
    container: "CDB$ROOT",
    tablespace: "USERS",
    source: `/data/${file}.dbf`,
    blockSize: 8192,
    mode: "backup-mode",
    needsRecovery: false,
    checkpointScn: "90",
    hotBackup: true,
    resetlogsScn: "1",
    blocks: {},
    recoverFrom: "90",
    usableFrom: "101",
    madeBy: "first",
    refreshedBy: "last",
    ...more,
  };
}

function lookWith(
  files: readonly number[],
  manifest: Partial<RefreshedManifest> = {},
  more: Partial<AreaLook> = {},
): AreaLook {
  const identity = { ...planFacts().identity, resetlogsScn: "1" };
  const scns = { neededFrom: "90", minimumRecovery: "101", recoverableTo: "120", threads: [1] };
  const whole = {
    kind: "refreshed",
    datafiles: files.map((file) => entryOf(file)),
    dirty: [],
    dropped: [],
    absent: [],
    identity,
    scns,
    ...manifest,
  } as unknown as RefreshedManifest;
  return {
    state: "used",
    manifest: whole,
    copies: files.map((file) => copyOf(file)),
    canRefresh: true,
    canSnapshot: false,
    damaged: false,
    ...more,
  };
}

const facts = planFacts({ datafiles: [planDatafile(1), planDatafile(2)] });

function refusals(look: AreaLook, what = facts) {
  const planned = planRefresh({ facts: what, look, config, options: {}, runId });
  return planned.ok ? [] : planned.refusals.map(({ code, seen, todo }) => `${code} ${seen} → ${todo}`);
}

function steps(look: AreaLook, what = facts) {
  const planned = planRefresh({ facts: what, look, config, options: {}, runId });
  if (!planned.ok) throw new Error(planned.refusals.map((one) => one.seen).join("; "));
  return flatSteps(planned.plan.steps);
}

describe("a refresh is refused unless each file has exactly one good copy (rule 79)", () => {
  test("without a baseline", () => {
    const { manifest: _, ...look } = lookWith([], {}, { state: "empty" });
    expect(refusals(look)).toEqual([expect.stringMatching(/^UMB-3132 .* → umbra baseline TEST$/)]);
  });

  test.each([
    ["gone", lookWith([1, 2], {}, { copies: [copyOf(1)] }), /is not|there is none/],
    [
      "two of them",
      lookWith([1, 2], {}, { copies: [copyOf(1), copyOf(2), copyOf(2, { name: "data/2_2_b" })] }),
      /there are several: data\/2_2_2.dbf, data\/2_2_b/,
    ],
    [
      "of another block size",
      lookWith(
        [1, 2],
        {},
        {
          copies: [
            copyOf(1),
            copyOf(2, {
              header: {
                dbid: "7",
                file: 2,
                creationScn: scn(2),
                blockSize: 16_384,
                checkpointScn: scn(90),
              },
            }),
          ],
        },
      ),
      /its blocks have 16384 bytes/,
    ],
    [
      "with a header that cannot be read",
      lookWith([1, 2], {}, { copies: [copyOf(1), copyOf(2, { header: { problem: "no magic" } })] }),
      /its header: no magic/,
    ],
  ])("a copy that is %s", (_what, look, seen) => {
    const [only, ...others] = refusals(look);
    expect(only).toMatch(seen);
    expect(only).toMatch(/^UMB-3131 datafile 2 .* → umbra baseline TEST --datafile 2$/);
    expect(others).toEqual([]);
  });

  test("a file that was there at the last refresh and has no copy", () => {
    expect(refusals(lookWith([1]))).toEqual([expect.stringContaining("datafile 2")]);
  });

  test("copies of another incarnation, and of another database", () => {
    const identity = { ...planFacts().identity, resetlogsScn: "1" };
    const other = lookWith([1, 2], { identity: { ...identity, resetlogsId: "9" } });
    expect(refusals(other)).toEqual([expect.stringMatching(/^UMB-3134 .*RESETLOGS/)]);
    const stranger = lookWith([1, 2], { identity: { ...identity, dbid: "8" } });
    expect(refusals(stranger)).toEqual([expect.stringMatching(/^UMB-3134 .*DBID 8/)]);
  });
});

describe("what a refresh does", () => {
  test("a file that was created since the last refresh gets its first copy", () => {
    const later = planFacts({
      datafiles: [planDatafile(1), planDatafile(2), planDatafile(3, { creationScn: scn(150) })],
    });
    const copies = steps(lookWith([1, 2]), later).filter((step) => step.kind === "copy-datafile");
    expect(copies.map((step) => step.target)).toEqual(["/b/backup/TEST/live/data/3_150_3.dbf"]);
  });

  test("a renamed file keeps its copy and the name of it", () => {
    const renamed = planFacts({ datafiles: [planDatafile(1), planDatafile(2, USERS)] });
    const refreshed = steps(lookWith([1, 2]), renamed).filter((step) => step.kind === "refresh-datafile");
    expect(refreshed.map((step) => [step.path, step.target])).toContainEqual([
      "/data/users.dbf",
      "/b/backup/TEST/live/data/2_2_2.dbf",
    ]);
  });

  test("every copy is marked before the first BEGIN, and the manifest is written after the last log", () => {
    const kinds = steps(lookWith([1, 2])).map((step) => step.kind);
    expect(kinds.indexOf("mark-dirty")).toBeLessThan(kinds.indexOf("begin-backup"));
    expect(kinds.indexOf("collect-logs")).toBeLessThan(kinds.indexOf("mark-dirty"));
    expect(kinds.lastIndexOf("collect-logs")).toBeLessThan(kinds.indexOf("write-manifest"));
    expect(kinds.at(-1)).toBe("tidy-area");
  });

  test("a copy that a dead run left is compared, whatever hashes there are, even with a torn header", () => {
    const dirty = [{ file: 2, creationScn: "2", run: "dead", since: "2026-11-21T00:00:00Z" }];
    const look = lookWith(
      [1, 2],
      { dirty },
      { copies: [copyOf(1), copyOf(2, { header: { problem: "torn" } })] },
    );
    const planned = planRefresh({ facts, look, config, options: { find: "hashes" }, runId });
    if (!planned.ok) throw new Error("it was refused");
    const [one, two] = flatSteps(planned.plan.steps)
      .filter((step) => step.kind === "refresh-datafile")
      .toSorted((a, b) => a.file - b.file);
    expect(two).toMatchObject({ find: "compare", generation: "not-last" });
    expect(one).toMatchObject({ generation: "last", hashes: "/b/backup/TEST/hashes/1_1_1.dbf.hashes" });
  });

  test("hashes are trusted only where a verification found nothing wrong since", () => {
    const look = lookWith([1, 2], {}, { damaged: true });
    const planned = planRefresh({ facts, look, config, options: { find: "hashes" }, runId });
    const found = planned.ok ? flatSteps(planned.plan.steps) : [];
    expect(found.filter((step) => step.kind === "refresh-datafile").map((step) => step.find)).toEqual([
      "compare",
      "compare",
    ]);
  });

  test("by hashes, the copy that was not read for the longest time is compared", () => {
    const entries = [1, 2].map((file) => entryOf(file, file === 1 ? { comparedAt: "2026-11-20" } : {}));
    const look = lookWith([1, 2], { datafiles: entries });
    const planned = planRefresh({ facts, look, config, options: { find: "hashes" }, runId });
    const found = planned.ok ? flatSteps(planned.plan.steps) : [];
    const how = found.flatMap((step) => (step.kind === "refresh-datafile" ? [[step.file, step.find]] : []));
    expect(Object.fromEntries(how)).toEqual({ 1: "hashes", 2: "compare" });
  });

  test("a snapshot comes before the marks, and none of an area that is dirty", () => {
    const both = databaseConfig({ directory: "/b", refresh: { snapshot: "both" } });
    const take = (look: AreaLook) => {
      const planned = planRefresh({ facts, look, config: both, options: {}, runId });
      const all = planned.ok ? flatSteps(planned.plan.steps).map((step) => step.id) : [];
      return all.filter((id) => id.startsWith("take-snapshot") || id === "mark-dirty");
    };
    const clean = take(lookWith([1, 2], {}, { canSnapshot: true }));
    expect(clean).toEqual(["take-snapshot:before", "mark-dirty", "take-snapshot:after"]);
    const dirty = [{ file: 2, creationScn: "2", run: "dead", since: "2026-11-21T00:00:00Z" }];
    expect(take(lookWith([1, 2], { dirty }, { canSnapshot: true }))).toEqual([
      "mark-dirty",
      "take-snapshot:after",
    ]);
  });
});

test("that snapshots are full copies is said where a refresh takes them", () => {
  const before = databaseConfig({ directory: "/b", refresh: { snapshot: "before" } });
  const warned = (look: AreaLook) => {
    const planned = planRefresh({ facts, look, config: before, options: {}, runId });
    return planned.ok && planned.warnings.some(({ seen }) => seen.includes("each snapshot is a full copy"));
  };
  expect(warned(lookWith([1, 2], {}, { canSnapshot: true, fullCopies: true }))).toBe(true);
  expect(warned(lookWith([1, 2], {}, { canSnapshot: true }))).toBe(false);
});

test("a refresh is refused where there is no room for its snapshots, if they are full copies", () => {
  const copies = 2 * 11 * 8192;
  const codes = (snapshot: "none" | "before" | "both", freeBytes: number, full = true) => {
    const there = { exists: true, parentExists: true, writable: true, sharedWith: [] };
    const area = { path: "/b" as FilePath, ...there, freeBytes };
    const look = lookWith([1, 2], {}, { canSnapshot: true, ...(full ? { fullCopies: true } : {}) });
    const to = databaseConfig({ directory: "/b", refresh: { snapshot } });
    const input = { look, config: to, options: {}, runId, facts: { ...facts, backupArea: area } };
    const planned = planRefresh(input);
    return planned.ok ? [] : planned.refusals.map(({ code }) => code);
  };
  const least =
    [...Array(64).keys()].map((n) => n * 8192).find((free) => codes("none", free).length === 0) ?? 0;
  expect(codes("before", least + copies)).toEqual([]);
  expect(codes("before", least + copies - 8192)).toEqual(["UMB-3115"]);
  expect(codes("both", least + 2 * copies)).toEqual([]);
  expect(codes("both", least + 2 * copies - 8192)).toEqual(["UMB-3115"]);
  expect(codes("both", least, false)).toEqual([]);
});

describe("a baseline", () => {
  const planned = (look: AreaLook, datafiles?: readonly number[]) =>
    planBaseline({ facts, look, config, options: datafiles === undefined ? {} : { datafiles }, runId });

  test("copies all that lack a good copy, and nothing where none does", () => {
    const first = planned({ ...lookWith([]), state: "absent" });
    expect(first.ok && first.plan.files).toBe(2);
    const second = planned(lookWith([1]));
    expect(second.ok && second.plan.kept.map((one) => one.file)).toEqual([1]);
    expect(planned(lookWith([1, 2]))).toMatchObject({ ok: false, refusals: [{ code: "UMB-3137" }] });
  });

  test("of one file keeps the other copies with their own SCNs, and marks what it replaces", () => {
    const one = planned(lookWith([1, 2]), [2]);
    if (!one.ok) throw new Error("it was refused");
    expect(one.plan.kept).toMatchObject([{ file: 1, usableFrom: "101" }]);
    const marks = one.plan.steps.flatMap((step) => (step.kind === "mark-dirty" ? step.files : []));
    expect(marks.map(({ file, creationScn }) => [file, formatScn(creationScn)])).toEqual([[2, "2"]]);
  });

  test("of a file that the database does not have is refused", () => {
    expect(planned(lookWith([1, 2]), [99])).toMatchObject({ ok: false, refusals: [{ code: "UMB-3136" }] });
  });

  test("after an OPEN RESETLOGS copies everything anew", () => {
    const identity = { ...planFacts().identity, resetlogsScn: "1", resetlogsId: "9" };
    const all = planned(lookWith([1, 2], { identity: identity }));
    expect(all.ok && [all.plan.files, all.plan.kept.length]).toEqual([2, 0]);
  });
});
