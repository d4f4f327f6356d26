import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { OraError } from "../../../../simulator/engine/ora-error.ts";
import { readControlFile, writeControlFile } from "../../../../simulator/files/control-file-image.ts";
import { encodePasswordFile } from "../../../../simulator/files/password-file.ts";
import { decodeSpfile, encodeSpfile } from "../../../../simulator/files/spfile.ts";
import { controlfileTrace } from "../../../../simulator/files/trace-script.ts";
import { smallControlFile } from "./small-control-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "umbra-files-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function codeOf(work: () => unknown): number {
  try {
    work();
  } catch (error) {
    if (error instanceof OraError) return error.code;
    throw error;
  }
  return 0;
}

describe("control file", () => {
  test("the model comes back, with SCNs and dates, however long it is", () => {
    const path = join(directory, "control01.ctl");
    const model = smallControlFile({ archivedLogs: 200 });
    writeControlFile(path, model);
    expect(readControlFile(path)).toEqual(model);
  });

  test("the name lies at 0x4020, and a backup says so", () => {
    const path = join(directory, "backup.ctl");
    writeControlFile(path, { ...smallControlFile(), type: "BACKUP" });
    const bytes = readFileSync(path);
    expect(bytes.toString("latin1", 0x40_20, 0x40_24)).toBe("ORCL");
    expect(bytes.readUInt16LE(0x40_00 + 54)).toBe(4);
    expect(bytes.subarray(0x40_00, 0x40_02).toString("hex")).toBe("15c2");
  });

  test("a damaged or missing one is refused with Oracle's code", () => {
    const path = join(directory, "control01.ctl");
    writeControlFile(path, smallControlFile());
    const bytes = readFileSync(path);
    bytes[40_000] = bytes.readUInt8(40_000) ^ 1;
    writeFileSync(path, bytes);
    expect(codeOf(() => readControlFile(path))).toBe(227);
    writeFileSync(path, bytes.subarray(0, 20_000));
    expect(codeOf(() => readControlFile(path))).toBe(227);
    expect(codeOf(() => readControlFile(join(directory, "none")))).toBe(205);
  });
});

describe("parameter and password file", () => {
  test("every text comes back from an SPFILE", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (text) => {
        fc.pre(!text.includes("\0"));
        expect(decodeSpfile(encodeSpfile(text))).toBe(text);
      }),
    );
  });

  test("an SPFILE has the published frame", () => {
    const file = encodeSpfile("*.db_name='ORCL'\n".repeat(60));
    expect(file.length % 512).toBe(0);
    expect(file.subarray(508, 512).toString("hex")).toBe("01430000");
    expect(file.subarray(512, 520).toString("hex")).toBe("4322000002000000");
    file[600] = 0;
    expect(decodeSpfile(file)).toBeUndefined();
  });

  test("a password file is the same for the same seed only", () => {
    expect(encodePasswordFile("a").equals(encodePasswordFile("a"))).toBe(true);
    expect(encodePasswordFile("a").equals(encodePasswordFile("b"))).toBe(false);
  });
});

describe("trace script", () => {
  const both = controlfileTrace(smallControlFile(), { variant: "BOTH" });

  test("both variants are there, each with all datafiles in order of their number", () => {
    expect(
      both.match(/^CREATE CONTROLFILE REUSE DATABASE "ORCL" (NORESETLOGS|RESETLOGS) ARCHIVELOG$/gmu),
    ).toHaveLength(2);
    expect(both).toContain(
      "DATAFILE\n  '/u/system01.dbf',\n  '/u/it''s users.dbf'\nCHARACTER SET AL32UTF8\n;",
    );
    expect(both).toContain("RECOVER DATABASE USING BACKUP CONTROLFILE\n");
    expect(both).toContain("ALTER DATABASE OPEN RESETLOGS;\n");
    expect(both).toContain(
      "  GROUP 1 (\n    '/u/redo1a.log',\n    '/u/redo1b.log'\n  )  SIZE 50M BLOCKSIZE 512",
    );
  });

  test("temp files are added again inside their containers", () => {
    const lines = both.split("\n");
    const first = lines.indexOf("ALTER TABLESPACE TEMP ADD TEMPFILE '/u/temp01.dbf'");
    expect(lines.slice(first, first + 6)).toEqual([
      "ALTER TABLESPACE TEMP ADD TEMPFILE '/u/temp01.dbf'",
      "     SIZE 32M  REUSE AUTOEXTEND ON NEXT 655360  MAXSIZE 32767M;",
      "ALTER SESSION SET CONTAINER = PDB1;",
      "ALTER TABLESPACE \"temp 2\" ADD TEMPFILE '/u/pdb1/temp01.dbf'",
      "     SIZE 32M  REUSE AUTOEXTEND OFF;",
      "ALTER SESSION SET CONTAINER = CDB$ROOT;",
    ]);
  });

  test("one variant alone is what was asked for", () => {
    expect(controlfileTrace(smallControlFile(), { variant: "RESETLOGS" })).not.toContain("NORESETLOGS");
    expect(controlfileTrace(smallControlFile(), { variant: "NORESETLOGS" })).not.toContain("OPEN RESETLOGS");
  });
});
