import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { judgeBlock, rdba } from "../../../../simulator/files/block.ts";
import {
  type DatafileHeader,
  decodeDatafileHeader,
  encodeDatafileHeader,
  headerStatus,
  isFuzzy,
} from "../../../../simulator/files/datafile-header.ts";
import {
  extendDatafile,
  formatDatafile,
  formatTempfile,
  shrinkDatafile,
} from "../../../../simulator/files/format-datafile.ts";
import { decodeOsHeader, encodeOsHeader } from "../../../../simulator/files/os-header.ts";
import { fromOracleTime, toOracleTime } from "../../../../simulator/files/oracle-time.ts";

const at = new Date("2026-02-11T18:37:34Z");
const header: DatafileHeader = {
  kind: "data",
  dbid: 0x59_6d_fd_ac,
  dbName: "ORCL",
  compatible: 0x13_00_00_00,
  controlSequence: 77,
  blocks: 300,
  blockSize: 8192,
  file: 8,
  relativeFile: 9,
  tablespaceNumber: 5,
  tablespaceName: "USERS",
  creationScn: 1721n,
  creationAt: at,
  resetlogsScn: 1n,
  resetlogsAt: at,
  priorResetlogsScn: 0n,
  priorResetlogsAt: null,
  status: headerStatus.OFZ,
  checkpoint: { scn: 372_968n, at, thread: 1, rba: { sequence: 4, block: 2, offset: 16 } },
  checkpointCount: 33,
  controlCount: 32,
  backup: { beginAt: null, beginScn: 0n, blocks: 0, checkpointScn: 0n },
  absoluteFuzzyScn: 0n,
  recoveryFuzzyScn: 0n,
  rootDba: 0,
  conId: 3,
};

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "umbra-files-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function verdicts(
  path: string,
  geometry: { blockSize: number; relativeFile: number; bigfile: boolean },
): Map<string, number> {
  const file = readFileSync(path);
  const counts = new Map<string, number>();
  for (let block = 1; (block + 1) * geometry.blockSize <= file.length; block += 1) {
    const bytes = file.subarray(block * geometry.blockSize, (block + 1) * geometry.blockSize);
    const verdict = judgeBlock(bytes, { rdba: rdba({ ...geometry, block }) });
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}

describe("data file", () => {
  test("the published time pair is met, and every second comes back", () => {
    expect(toOracleTime(at)).toBe(1_224_959_854);
    const range = fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(range, (date) => {
        const whole = new Date(Math.floor(date.getTime() / 1000) * 1000);
        expect(fromOracleTime(toOracleTime(whole))).toEqual(whole);
      }),
    );
  });

  test("fields lie where Oracle has them, SCNs in the 12.2 form", () => {
    const block = encodeDatafileHeader(header);
    expect(block.readUInt32LE(4)).toBe((9 << 22) + 1);
    expect(block.subarray(8188).toString("hex")).toBe("010b0000");
    expect(block.readUInt32LE(28)).toBe(header.dbid);
    expect(block.subarray(484, 492).toString("hex")).toBe("e8b0050000800000");
    expect(block.readUInt16LE(138)).toBe(4);
    expect(block.toString("latin1", 338, 343)).toBe("USERS");
    expect(judgeBlock(block, { rdba: (9 << 22) + 1 })).toBe("ok");
  });

  test("a header comes back as it was written, for every size, SCN and version", () => {
    const variants = fc.record({
      blockSize: fc.constantFrom(2048, 4096, 8192, 16_384, 32_768),
      compatible: fc.constantFrom(0x0b_20_04_00, 0x0c_20_00_00, 0x17_06_00_00),
      creationScn: fc.bigInt({ min: 0n, max: 2n ** 47n - 1n }),
      relativeFile: fc.integer({ min: 1, max: 1024 }),
      status: fc.integer({ min: 0, max: 0xff_ff }),
      conId: fc.integer({ min: 0, max: 4098 }),
    });
    fc.assert(
      fc.property(variants, (variant) => {
        const written = {
          ...header,
          ...variant,
          backup: { beginAt: at, beginScn: 9n, blocks: 300, checkpointScn: 9n },
        };
        expect(decodeDatafileHeader(encodeDatafileHeader(written))).toEqual(written);
      }),
    );
  });

  test("a file in backup mode or open is fuzzy, a cleanly closed one is not", () => {
    expect(
      [0, headerStatus.RBS, headerStatus.HBP, headerStatus.OFZ].map((status) => isFuzzy({ status })),
    ).toEqual([false, false, true, true]);
  });

  test.each([
    { blockSize: 8192, relativeFile: 9 },
    { blockSize: 16_384, relativeFile: 1024 },
    { blockSize: 2048, relativeFile: 1 },
  ])("a new file has only sound blocks ($blockSize bytes, relative file $relativeFile)", (shape) => {
    const path = join(directory, "users01.dbf");
    const geometry = { ...shape, bigfile: shape.relativeFile === 1024 };
    formatDatafile(path, { ...header, ...shape }, 300);
    expect(statSync(path).size).toBe(301 * shape.blockSize);
    expect(decodeOsHeader(readFileSync(path))).toEqual({ blockSize: shape.blockSize, blocks: 300 });
    expect(verdicts(path, geometry)).toEqual(
      new Map([
        ["ok", 8],
        ["empty", 292],
      ]),
    );
    extendDatafile(path, 300, 400, geometry);
    expect(verdicts(path, geometry)).toEqual(
      new Map([
        ["ok", 8],
        ["empty", 392],
      ]),
    );
    expect(decodeOsHeader(readFileSync(path))?.blocks).toBe(400);
    shrinkDatafile(path, 200, shape.blockSize);
    expect(verdicts(path, geometry)).toEqual(
      new Map([
        ["ok", 8],
        ["empty", 192],
      ]),
    );
  });

  test("a temp file has a header of its own kind and is a hole", () => {
    const path = join(directory, "temp01.dbf");
    formatTempfile(path, header, 25_600);
    const file = readFileSync(path);
    expect(decodeDatafileHeader(file.subarray(8192, 16_384))).toMatchObject({ kind: "temp", blocks: 25_600 });
    expect(statSync(path).blocks * 512).toBeLessThan(1_000_000);
  });

  test("block 0 has the published frame, and a changed byte of it is seen", () => {
    const block = encodeOsHeader({ blockSize: 8192, blocks: 0x01_9f_00, redo: false });
    expect(block.subarray(0, 16).toString("hex")).toBe("00a200000000c0ff0000000000000000");
    expect(block.subarray(20, 36).toString("hex")).toBe("00200000009f01007d7c7b7aa0810000");
    block[5000] = 1;
    expect(decodeOsHeader(block)).toBeUndefined();
  });
});
