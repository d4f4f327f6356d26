import { describe, expect, test } from "vitest";

import { archivedLogProblems, readArchivedLogHeader } from "../../../src/formats/archived-log-header.ts";
import { readControlFileHeader } from "../../../src/formats/control-file-header.ts";
import { readDatafileHeader } from "../../../src/formats/datafile-header.ts";
import { versionText } from "../../../src/formats/generic-header.ts";
import { oracleTime } from "../../../src/formats/oracle-time.ts";
import { readOsHeader } from "../../../src/formats/os-header.ts";
import type { Parsed } from "../../../src/formats/parsed.ts";
import { readSpfile } from "../../../src/formats/spfile.ts";
import { archivedLog, BLOCK, dataBlock, datafile, datafileHeader, osBlock, seal } from "./oracle-file.ts";

function value<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}
const reason = (result: Parsed<unknown>) => (result.ok ? "readable" : result.reason);

describe("published values", () => {
  test("the resetlogs id 1224959854 is 2026-02-11 18:37:34", () => {
    expect(oracleTime(1224959854)).toBe("2026-02-11T18:37:34");
    expect(oracleTime(0)).toBeUndefined();
  });

  test("version words are COMPATIBLE", () => {
    const words = [0x0b200400, 0x0c200000, 0x13000000, 0x17060000];
    expect(words.map(versionText)).toEqual(["11.2.0.4", "12.2.0.0", "19.0.0.0", "23.6.0.0"]);
  });
});

describe("block 0", () => {
  test.each([512, 1024, 2048, 4096, 8192, 16_384, 32_768])("is read at a block size of %i", (size) => {
    for (const big of [false, true]) {
      const os = value(readOsHeader(osBlock(0x19f00, size, big)));
      expect(os).toEqual({
        byteOrder: big ? "big" : "little",
        blockSize: size,
        blocks: 0x19f00,
        form: "10g",
      });
    }
  });

  test("of 9i on Windows is known by its own magic", () => {
    const block = Buffer.alloc(BLOCK);
    block.writeUInt32LE(BLOCK, 4);
    block.writeUInt32LE(640, 8);
    block.set([0x6d, 0x6c, 0x6b, 0x6a], 12);
    expect(value(readOsHeader(seal(block)))).toMatchObject({ form: "8i", blocks: 640, blockSize: BLOCK });
  });

  test("a wrong check value, no magic, a foreign size and a short file are told apart", () => {
    const flipped = osBlock(10);
    flipped[4000] = 1;
    expect(reason(readOsHeader(flipped))).toMatch(/check value/);
    expect(reason(readOsHeader(Buffer.alloc(BLOCK)))).toMatch(/magic/);
    const odd = osBlock(10);
    odd.writeUInt32LE(8000, 20);
    expect(reason(readOsHeader(odd))).toMatch(/block size of 8000/);
    expect(reason(readOsHeader(Buffer.alloc(100)))).toMatch(/shorter/);
  });
});

describe("datafile header", () => {
  test("tells identity, checkpoint and backup mode", () => {
    const header = value(readDatafileHeader(datafile(3)));
    expect(header).toMatchObject({
      dbid: "1499324332",
      databaseName: "PROD1",
      compatible: "19.0.0.0",
      file: 12,
      relativeFile: 7,
      bigfile: false,
      tablespace: "USERS",
      tablespaceNumber: 4,
      creationScn: 1721n,
      resetlogsId: "1224959854",
      resetlogsScn: 925702n,
      checkpointCount: 33,
      blocks: 4,
      checkpoint: {
        scn: 372968n,
        at: "2026-02-11T18:37:34",
        thread: 1,
        rba: { sequence: 15, block: 2, offset: 16 },
      },
      beginBackup: { scn: 372968n, thread: 1 },
      status: { hotBackup: true, onlineFuzzy: true, fuzzy: true },
    });
  });

  test("of SYSTEM after a clean shutdown is not fuzzy", () => {
    const clean = datafileHeader(4, 7, (b) => b.writeUInt16LE(0x2000, 138));
    const header = value(readDatafileHeader(Buffer.concat([osBlock(4), clean])));
    expect(header.status).toMatchObject({ fuzzy: false, hotBackup: false, word: 0x2000 });
  });

  test("a long SCN has 64 bits", () => {
    const long = datafileHeader(4, 7, (b) => {
      b.writeUInt16LE(0x8001, 488);
      b.writeUInt16LE(2, 490);
    });
    const header = value(readDatafileHeader(Buffer.concat([osBlock(4), long])));
    expect(header.checkpoint.scn).toBe(372968n + (2n << 32n) + (1n << 48n));
  });

  test("a damaged block 1 is no header", () => {
    const file = datafile(2);
    file[BLOCK + 600] = 1;
    expect(reason(readDatafileHeader(file))).toMatch(/damaged: checksum/);
    expect(reason(readDatafileHeader(file.subarray(0, BLOCK)))).toMatch(/block 1/);
    const moved = Buffer.concat([osBlock(2), datafile(2).subarray(2 * BLOCK)]);
    expect(reason(readDatafileHeader(moved))).toMatch(/type 0x06/);
  });
});

describe("archived log", () => {
  test("tells thread, sequence and SCN range in the long form", () => {
    const header = value(readArchivedLogHeader(archivedLog(8)));
    expect(header).toMatchObject({
      dbid: "1497016494",
      databaseName: "FREE",
      compatible: "23.6.0.0",
      thread: 1,
      sequence: 15,
      firstScn: 2266630n,
      nextScn: 2267717n,
      nextAvailableBlock: 9,
    });
    expect(archivedLogProblems(header, { fileBytes: 9 * 512, thread: 1, sequence: 15 })).toEqual([]);
  });

  test("every difference from what the database says is told", () => {
    const header = value(readArchivedLogHeader(archivedLog(8)));
    const problems = archivedLogProblems(header, { fileBytes: 4096, thread: 2, resetlogsId: "1" });
    expect(problems).toEqual([
      "it holds 4096 bytes, not 4608",
      "its thread is 1, not 2",
      "its resetlogs id is 1224959854, not 1",
    ]);
  });
});

describe("control file and parameter file", () => {
  test("a backup control file is told from a copy of a live one", () => {
    const control = (type: number) =>
      Buffer.concat([
        osBlock(4, 16_384),
        dataBlock(
          {
            type: 0x15,
            address: 1,
            scn: 812,
            fill: (b) => {
              b.write("PROD1", 32);
              b.writeUInt16LE(type, 54);
            },
          },
          16_384,
        ),
      ]);
    expect(value(readControlFileHeader(control(4)))).toMatchObject({ backup: true, databaseName: "PROD1" });
    expect(value(readControlFileHeader(control(1))).backup).toBe(false);
    expect(reason(readControlFileHeader(control(3)))).toMatch(/no control file/);
  });

  test("the text of an SPFILE goes on through its blocks", () => {
    const text = `*.db_name='PROD1'\n${"*.x='y'\n".repeat(100)}`;
    const pieces = text.match(/[^]{1,488}/g) ?? [];
    const blocks = pieces.map((piece, i) =>
      dataBlock({ type: 0x43, scn: 0, address: i + 1, fill: (b) => void b.write(piece, 20) }, 512),
    );
    expect(value(readSpfile(Buffer.concat(blocks)))).toEqual({ text, blocks: pieces.length });
    blocks.reverse();
    expect(reason(readSpfile(Buffer.concat(blocks)))).toMatch(/damaged|bad/);
  });
});
