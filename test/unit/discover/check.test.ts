import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { encodeRedoHeader, redoOsHeader } from "../../../simulator/files/redo-file.ts";
import { checkDatabase } from "../../../src/discover/check.ts";
import type { Row } from "../../../src/ports/database.ts";
import type { Answers } from "./fake-database.ts";
import { LARGE_SCN, rootAnswers, smallWorld } from "./small-database.ts";

async function directory() {
  const path = await mkdtemp(join(tmpdir(), "umbra-check-"));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const name of ["system01.dbf", "o'brien \n.dbf", "users01.dbf"])
    await writeFile(join(path, name), Buffer.alloc(16_384));
  return path;
}

/** The row of a statement that has one, changed. */
function changed(here: string, name: keyof Answers, values: Row): Answers {
  const [row] = rootAnswers(here)[name] as readonly Row[];
  return { [name]: [{ ...row, ...values }] };
}

async function check(here: string, answers: Answers = {}) {
  const { world, connector } = smallWorld(here, answers);
  const { items } = await checkDatabase(world);
  const failed = items.filter((item) => !item.ok).map((item) => item.name);
  return {
    failed,
    executed: connector.executed,
    item: (name: string) => items.find((one) => one.name === name),
  };
}

/** An archived log without records, and its row in v$archived_log. */
async function archivedLog(here: string, sequence: number, dbid = 1_234_567_890): Promise<Row> {
  const path = join(here, "arch 17.arc");
  const at = new Date("2026-11-21T09:00:00Z");
  const header = encodeRedoHeader({
    compatible: 0x13_00_00_00,
    dbid,
    dbName: "PROD1",
    controlSequence: 9,
    blockSize: 512,
    onlineBlocks: 2_048,
    group: 1,
    activationId: 1,
    thread: 1,
    sequence,
    nab: 2,
    resetlogsScn: 1_920_977n,
    resetlogsAt: at,
    priorResetlogsScn: 1n,
    priorResetlogsAt: at,
    firstScn: 100n,
    firstAt: at,
    nextScn: BigInt(LARGE_SCN) + 9n,
    nextAt: at,
    enabledScn: 1n,
    enabledAt: at,
    endOfThread: false,
  });
  await writeFile(path, Buffer.concat([redoOsHeader(512, 1), header]));
  return {
    dest_id: 1,
    thread_no: 1,
    sequence_no: 17,
    resetlogs_id: header.readUInt32LE(160),
    resetlogs_scn: "1920977",
    first_scn: "100",
    next_scn: String(BigInt(LARGE_SCN) + 9n),
    blocks: 1,
    block_size: 512,
    archived: "YES",
    deleted: "NO",
    status: "A",
    name: path,
  };
}

describe("the check before a first backup", () => {
  test("a healthy database fails only in what this machine's one file system makes unsafe", async () => {
    const here = await directory();
    const log = await archivedLog(here, 17);
    const { failed, executed, item } = await check(here, { "archived-logs": [log] });
    expect(failed).toEqual(["own storage"]);
    expect(executed).toEqual(["alter system switch logfile"]);
    expect(item("log round trip")?.seen).toContain("thread 1 sequence 17");
  });

  test("the log that was current is waited for", async () => {
    const here = await directory();
    const log = await archivedLog(here, 17);
    let asked = 0;
    const later = () => ((asked += 1) < 3 ? [{ ...log, archived: "NO" }] : [log]);
    expect((await check(here, { "archived-logs": later })).failed).toEqual(["own storage"]);
    expect(asked).toBe(3);
  });

  test("a log that is never archived fails when its deadline passes", async () => {
    const { item } = await check(await directory());
    expect(item("log round trip")).toMatchObject({ ok: false, severity: "error", rule: 45 });
  });

  test("a log of another database or sequence at that path is not taken for ours", async () => {
    const here = await directory();
    const strange = await check(here, { "archived-logs": [await archivedLog(here, 17, 42)] });
    expect(strange.item("log round trip")?.seen).toContain("its DBID is 42");
    const old = await check(here, { "archived-logs": [await archivedLog(here, 16)] });
    expect(old.item("log round trip")?.seen).toContain("its sequence is 16");
  });

  test.each([
    ["log_mode", "NOARCHIVELOG", "archive mode", 3],
    ["dbid", 99, "identity", 2],
    ["database_role", "PHYSICAL STANDBY", "role", 110],
  ])("%s %s fails %s, and says what to do", async (column, value, name, rule) => {
    const here = await directory();
    const { item } = await check(here, changed(here, "identity", { [column]: value }));
    expect(item(name)).toMatchObject({ ok: false, severity: "error" });
    expect(item(name)?.todo).toMatch(/\w/);
    expect(item(name)?.rule).toBe(rule);
  });

  test.each([
    ["dbid", 99, "identity"],
    ["database_role", "PHYSICAL STANDBY", "role"],
  ])(
    "%s %s: no log is switched in a database that is not the one to back up",
    async (column, value, name) => {
      const here = await directory();
      const { executed, item } = await check(here, changed(here, "identity", { [column]: value }));
      expect(executed).toEqual([]);
      expect(item("log round trip")?.seen).toBe(`not tried: ${name}`);
    },
  );

  test("privileges without SYSBACKUP are not enough: CREATE PFILE needs it", async () => {
    const granted = ["ALTER DATABASE", "ALTER SYSTEM", "SELECT ANY DICTIONARY"];
    const rows = granted.map((privilege) => ({ privilege }));
    const answers = { "session-user": [{ user_name: "UMBRA" }], "session-privileges": rows };
    const { item } = await check(await directory(), answers);
    expect(item("privileges")).toMatchObject({ ok: false, severity: "error", seen: granted.join(", ") });
  });

  test("no log is switched where none would be archived", async () => {
    const here = await directory();
    const { executed, item } = await check(here, changed(here, "identity", { log_mode: "NOARCHIVELOG" }));
    expect(executed).toEqual([]);
    expect(item("log round trip")?.seen).toBe("not tried: archive mode");
  });

  test("files that somebody left in backup mode are named", async () => {
    const here = await directory();
    const rows = [{ file_no: 2, status: "ACTIVE", change_scn: "77", begun_at: "2026-11-20T00:00:00" }];
    const { item } = await check(here, { "backup-mode": rows });
    expect(item("backup mode")).toMatchObject({ ok: false, rule: 36 });
    expect(item("backup mode")?.seen).toContain("o'brien");
  });

  test("a datafile that the agent cannot see is an error", async () => {
    const here = await directory();
    await rm(join(here, "users01.dbf"));
    expect((await check(here)).item("datafiles visible")?.seen).toContain("users01.dbf is not there");
  });

  test("a destination in error is told with its error", async () => {
    const here = await directory();
    const { failed, item } = await check(
      here,
      changed(here, "archive-destinations", { status: "ERROR", error: "ORA-19504: failed to create file" }),
    );
    expect(failed).toContain("local archive destination");
    expect(item("archive destinations")?.seen).toContain("ORA-19504");
  });

  test("clocks that are apart are a warning", async () => {
    const here = await directory();
    const { item } = await check(here, changed(here, "clock", { utc: "2026-11-21T09:34:00.000Z" }));
    expect(item("clocks")).toMatchObject({ ok: false, severity: "warning", rule: 124 });
  });
});
