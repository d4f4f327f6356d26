import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { RmanRun } from "../../../src/domain/rman.ts";
import { scn } from "../../../src/domain/scn.ts";
import {
  imageCopyScript,
  incrementalScript,
  isWritable,
  mergeScript,
  removeLevelOnesScript,
} from "../../../src/plan/rman-script.ts";
import { readScript } from "../../../simulator/programs/rman/read-script.ts";

const run: RmanRun = {
  tag: "UMBRA_PROD1",
  channels: 2,
  sectionBytes: 32 * 1024 ** 3,
  pieces: "/bk/50%/pieces" as FilePath,
  strays: "/bk/50%/control" as FilePath,
};

test("a level 1 names its files, its sections and where all it makes shall lie", () => {
  expect(incrementalScript(run, [1, 3]).text).toBe(`run {
  set controlfile autobackup format for device type disk to '/bk/50%%/control/autobackup_%F';
  allocate channel umbra1 device type disk format '/bk/50%%/pieces/level1_%U';
  allocate channel umbra2 device type disk format '/bk/50%%/pieces/level1_%U';
  backup incremental level 1 section size 32768m for recover of copy with tag 'UMBRA_PROD1'
    datafilecopy format '/bk/50%%/control/stray_%U'
    datafile 1, 3;
  release channel umbra1;
  release channel umbra2;
}
exit;
`);
});

test("a disk group names its files by itself", () => {
  const asm = { ...run, pieces: "+FRA" as FilePath, strays: "+FRA" as FilePath };
  const { text } = incrementalScript(asm, [1]);
  expect(text).toContain("datafilecopy format '+FRA'\n");
  expect(text).toContain("type disk format '+FRA';");
});

test("a merge may trail behind on purpose", () => {
  expect(mergeScript(run, [1], scn(12_345)).text).toContain("until scn 12345;");
});

const path = fc
  .string({ unit: "binary", minLength: 1 })
  .map((text) => `/${text}`)
  .filter((text) => isWritable(text));
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 65_533 }), { minLength: 1, maxLength: 40 });

test("whatever the paths, a script is understood as it was meant, and changes no configuration", () => {
  fc.assert(
    fc.property(path, path, numbers, fc.integer({ min: 1, max: 9 }), (pieces, target, files, channels) => {
      const own = { ...run, channels, pieces: pieces as FilePath };
      const scripts = [
        imageCopyScript(
          own,
          files.map((file) => ({ file, target: target as FilePath })),
        ),
        incrementalScript(own, files),
        mergeScript(own, files),
        removeLevelOnesScript(files),
      ];
      for (const { text } of scripts) {
        const [first, last, ...more] = Array.from(readScript(text), ({ command }) => command.kind);
        expect([["run", "delete"].includes(first ?? ""), last, more]).toEqual([true, "exit", []]);
        expect(text).not.toMatch(/^\s*configure|obsolete|expired|begin backup/imu);
      }
    }),
    { numRuns: 100 },
  );
});

test("deletion names sets by key: nothing else can be meant", () => {
  const [statement] = [...readScript(removeLevelOnesScript([4, 9]).text)];
  expect(statement?.command).toMatchObject({
    kind: "delete",
    force: false,
    selection: { of: "sets", named: ["4", "9"], tag: undefined },
  });
});

test("paths that RMAN cannot be told are known before", () => {
  expect(["/a'b", "/a&1", '/a"', "/a\nb"].map(isWritable)).toEqual([false, false, false, false]);
  expect(isWritable("/a 100% b")).toBe(true);
});
