import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, onTestFinished, test } from "vitest";

import { discover } from "../../../src/discover/discover.ts";
import { formatScn } from "../../../src/domain/scn.ts";
import { databaseError } from "../../../src/errors/database-error.ts";
import { LARGE_SCN, NOW, rootAnswers, smallWorld } from "./small-database.ts";

async function directory() {
  const path = await mkdtemp(join(tmpdir(), "umbra-discover-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe("discovery", () => {
  test("an SCN keeps all its digits, and a path all its characters", async () => {
    const here = await directory();
    const facts = await discover(smallWorld(here).world);
    expect(formatScn(facts.identity.currentScn)).toBe(LARGE_SCN);
    expect(facts.datafiles.map((file) => formatScn(file.checkpointScn))).toContain(LARGE_SCN);
    expect(facts.datafiles[1]?.path).toBe(join(here, "o'brien \n.dbf"));
  });

  test("every file and tablespace is told with its container", async () => {
    const facts = await discover(smallWorld(await directory()).world);
    expect(facts.containers.map((one) => [one.id, one.name])).toEqual([
      [1, "CDB$ROOT"],
      [2, "PDB$SEED"],
      [3, "SALES"],
      [4, "CLOSED"],
    ]);
    expect(facts.datafiles.map((file) => [file.file, file.container])).toEqual([
      [1, "CDB$ROOT"],
      [2, "SALES"],
      [3, "CLOSED"],
    ]);
  });

  test("each open container is asked over a session of its own, and every session is closed", async () => {
    const { world, connector } = smallWorld(await directory());
    const facts = await discover(world);
    const containers = connector.opened.map((one) => one.container);
    expect(containers).toEqual(["CDB$ROOT", "CDB$ROOT", "PDB$SEED", "SALES"]);
    expect(connector.opened.every((one) => one.closed)).toBe(true);
    expect(facts.tablespaces.map((one) => [one.container, one.name, one.status])).toEqual([
      ["CDB$ROOT", "SYSTEM", "ONLINE"],
      ["SALES", "USERS", "READ ONLY"],
      ["CLOSED", "USERS", undefined],
      ["SALES", "TEMP", "ONLINE"],
    ]);
    expect(facts.tempfiles[0]?.autoextensible).toBe(true);
  });

  test("nothing is changed in the database, and no file is left in the backup area", async () => {
    const here = await directory();
    const { world, connector } = smallWorld(here);
    const facts = await discover(world);
    expect(connector.executed).toEqual([]);
    expect(await readdir(here)).toEqual([]);
    expect(facts.backupArea).toMatchObject({ exists: false, writable: true, sharedWith: [here] });
  });

  test("a backup area that cannot be written is a fact, not an error", async () => {
    const here = await directory();
    const { world } = smallWorld(here);
    const facts = await discover({
      ...world,
      backupHost: {
        ...world.backupHost,
        writeAtomically: (path) => Promise.reject(databaseError(1, `cannot write ${path}`)),
      },
    });
    expect(facts.backupArea?.writable).toBe(false);
  });

  test("a mounted database is read without its dictionary", async () => {
    const here = await directory();
    const [identity] = rootAnswers(here).identity as readonly Record<string, string>[];
    const closed = new Error("the dictionary was asked");
    const { world, connector } = smallWorld(here, {
      identity: [{ ...identity, open_mode: "MOUNTED" }],
      containers: [{ con_id: 3, name: "SALES", open_mode: "MOUNTED", guid: null }],
      tablespaces: [],
      datafiles: [],
      tempfiles: [],
      "session-privileges": closed,
      "tablespace-states": closed,
      patches: closed,
      "local-undo": closed,
    });
    const facts = await discover(world);
    expect(facts.sessionPrivileges).toEqual(["SYSBACKUP"]);
    expect(facts.localUndo).toBeUndefined();
    expect(connector.opened).toHaveLength(1);
  });

  test("a release that has no v$passwordfile_info is not asked for it", async () => {
    const here = await directory();
    const [instance] = rootAnswers(here).instances as readonly Record<string, string>[];
    const absent = new Error("a view was asked that 12.1 has not");
    const facts = await discover(
      smallWorld(here, {
        instances: [{ ...instance, version: "12.1.0.2.0" }],
        "password-file": absent,
        patches: absent,
        "local-undo": absent,
      }).world,
    );
    expect(facts).not.toHaveProperty("passwordFile");
  });

  test("a container that was closed meanwhile is left without its states", async () => {
    const { world } = smallWorld(await directory(), {
      "tablespace-states": databaseError(65_054, "ORA-65054: Cannot open a pluggable database"),
    });
    const facts = await discover(world);
    expect(facts.tablespaces[0]).not.toHaveProperty("status");
  });

  test("the clock's skew is measured against the middle of the call", async () => {
    const facts = await discover(smallWorld(await directory()).world);
    expect(facts.clock).toEqual({
      databaseUtc: NOW + 1_040,
      offset: "+01:00",
      skewMs: 1_030,
      uncertaintyMs: 10,
    });
  });

  test("members of a log group are one log", async () => {
    const here = await directory();
    const { onlineLogs } = await discover(smallWorld(here).world);
    expect(onlineLogs).toHaveLength(1);
    expect(onlineLogs[0]?.members).toEqual([join(here, "a.log"), join(here, "b.log")]);
  });

  test.each([
    ["a column is missing", { thread_no: 1, status: "OPEN" }, "enabled"],
    ["a number is none", { thread_no: "one", status: "OPEN", enabled: "PUBLIC" }, "thread_no"],
    ["a value is NULL", { thread_no: 1, status: null, enabled: "PUBLIC" }, "status"],
  ])("when %s, the error names statement and column", async (_, row, column) => {
    const reading = discover(smallWorld(await directory(), { threads: [row] }).world);
    await expect(reading).rejects.toMatchObject({
      code: "UMB-5206",
      context: { statement: "threads", column, lost: false },
    });
  });

  test("a file of a container that came meanwhile stops the reading", async () => {
    const reading = discover(smallWorld(await directory(), { containers: [] }).world);
    await expect(reading).rejects.toMatchObject({ code: "UMB-5206", context: { column: "con_id" } });
  });
});
