import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { UmbraEvent } from "../../../src/domain/events.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { manifestOf } from "../../rigs/restored-database.ts";

let user: DatabaseUser;
beforeAll(async () => {
  user = await databaseUser({ cdb: true, pdbs: 2 });
});
afterAll(async () => await user[Symbol.asyncDispose]());

const EVENT_KINDS: { readonly [K in UmbraEvent["kind"]]: true } = {
  "run-started": true,
  warning: true,
  "step-started": true,
  "step-progress": true,
  "step-finished": true,
  "step-failed": true,
  "run-finished": true,
};

async function backup(...options: readonly string[]) {
  const made = await user.object<{ backup: CatalogEntry }>("backup", "hot", "PROD1", ...options);
  expect(user.inBackupMode()).toEqual([]);
  return { ...made, manifest: manifestOf(made.backup.directory) };
}

const datafiles = () => user.program.instance.controlFile?.datafiles ?? [];

test("the table says what was made and where; progress goes to standard error", async () => {
  const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1");
  expect(status).toBe(0);
  const id = /^BACKUP +(\S+)$/m.exec(stdout)?.[1] ?? "?";
  expect(stdout).toContain(join(user.area, "hot", id));
  expect(stdout).toMatch(/^recoverable +from SCN \d+ to SCN \d+ with its own logs$/m);
  expect(stderr.match(/ ok copy datafile /g)?.length).toBe(datafiles().length);
  expect(stderr).toMatch(new RegExp(` ${id} done in .*\n$`));
  expect(existsSync(join(user.area, "hot", id, "manifest.json"))).toBe(true);
});

test("JSON is one object that agrees with the manifest and with list", async () => {
  const { backup: entry, manifest, ...rest } = await backup();
  expect(rest).toMatchObject({ schema: 1, kind: "backup" });
  expect(manifest.backup).toBe(entry.id);
  expect(manifest.datafiles.map(({ file }) => file)).toEqual(datafiles().map(({ file }) => file));
  const { backups } = await user.object<{ backups: readonly CatalogEntry[] }>("list", "PROD1");
  expect(backups.find(({ id }) => id === entry.id)).toEqual(entry);
});

test("every NDJSON line is an event of a known kind, and the last one the result", async () => {
  const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1", "--output", "ndjson");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const result = lines.pop();
  expect(result).toMatchObject({ schema: 1, kind: "backup", backup: { database: "PROD1" } });
  expect(lines.filter(({ kind }) => !((kind as string) in EVENT_KINDS))).toEqual([]);
  expect(lines.filter(({ at }) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(at)))).toEqual([]);
  expect([lines[0]?.["kind"], lines.at(-1)?.["kind"]]).toEqual(["run-started", "run-finished"]);
  expect(lines.at(-1)).toMatchObject({ outcome: "done" });
  const started = lines.filter(({ kind }) => kind === "step-started").map(({ step }) => step);
  const finished = lines.filter(({ kind }) => kind === "step-finished").map(({ step }) => step);
  expect(new Set(finished)).toEqual(new Set(started));
  expect(finished).toHaveLength(started.length);
  expect(lines[0]).toMatchObject({ steps: started.length, files: datafiles().length });
  expect(lines.every(({ ms }) => ms === undefined || Number.isInteger(ms))).toBe(true);
});

describe("--tablespaces", () => {
  test("a name with its PDB takes that tablespace only, and the backup says that it is not whole", async () => {
    const { manifest } = await backup("--tablespaces", "PDB1:USERS");
    expect(manifest.datafiles.map(({ container, tablespace }) => `${container}:${tablespace}`)).toEqual([
      "PDB1:USERS",
    ]);
    expect(manifest.whole).toBe(false);
  });

  test("names may be in lower case, and several", async () => {
    const { manifest } = await backup("--tablespaces", "pdb2:users, CDB$ROOT:SYSAUX");
    const names = manifest.datafiles.map(({ container, tablespace }) => `${container}:${tablespace}`);
    expect(names.toSorted()).toEqual(["CDB$ROOT:SYSAUX", "PDB2:USERS"]);
  });

  test("list and show tell a backup of some tablespaces from one of the database", async () => {
    const { backup: part } = await backup("--tablespaces", "PDB1:USERS");
    const row = (await user.succeed("list")).split("\n").find((line) => line.startsWith(part.id));
    expect(row).toContain("  1 tablespace  ");
    expect(await user.succeed("show", part.id)).toMatch(/^what +PDB1:USERS$/m);
    const { backup: whole } = await backup();
    expect(await user.succeed("show", whole.id)).toMatch(/^what +the whole database$/m);
  });
});

describe("--mode database --parallel 3", () => {
  test("one BEGIN and one END for all files, and a backup as whole as the other", async () => {
    const begin = vi.spyOn(user.program.instance, "beginBackup");
    const end = vi.spyOn(user.program.instance, "endBackup");
    const { manifest } = await backup("--mode", "database", "--parallel", "3");
    expect(manifest.whole).toBe(true);
    expect(manifest.datafiles.map(({ file }) => file)).toEqual(datafiles().map(({ file }) => file));
    expect([begin.mock.calls.length, end.mock.calls.length]).toEqual([1, 1]);
  });

  test("copies run at the same time, three at most", async () => {
    const text = await user.succeed(
      "backup",
      "hot",
      "PROD1",
      "--mode",
      "database",
      "--parallel",
      "3",
      "--output",
      "ndjson",
    );
    let [running, most] = [0, 0];
    for (const line of text.trimEnd().split("\n")) {
      const { kind, step = "" } = JSON.parse(line) as { kind: string; step?: string };
      if (!step.startsWith("copy-datafile:")) continue;
      if (kind === "step-started") most = Math.max(most, (running += 1));
      if (kind === "step-finished") running -= 1;
    }
    expect(most).toBe(3);
  });
});

test("show RUN prints the steps of a run, and the backup that it made", async () => {
  const { backup: entry } = await backup();
  const text = await user.succeed("show", entry.id);
  expect(text).toContain(entry.directory);
  expect(text).toMatch(/^\d+ +done +write the manifest +\d/m);
  const object = await user.object<{ run: object; steps: readonly { state: string }[]; backup: object }>(
    "show",
    entry.id,
  );
  expect(object).toMatchObject({ kind: "run", run: { id: entry.id, outcome: "done" }, backup: entry });
  expect(new Set(object.steps.map(({ state }) => state))).toEqual(new Set(["done"]));
});

test("the control file, its script, the parameters and the password file are in the backup", async () => {
  const { backup: entry, manifest } = await backup("--tablespaces", "PDB1:USERS");
  const read = (name = "?") => readFileSync(join(entry.directory, name), "latin1");
  expect(read(manifest.controlfileScript.name)).toMatch(/CREATE CONTROLFILE[\s\S]*ADD TEMPFILE/);
  expect(read(manifest.parameterText?.name)).toContain("*.db_name=ORCL\n");
  const { spfilePath = "", passwordFilePath = "" } = user.program.instance;
  expect(read(manifest.spfile?.name)).toBe(readFileSync(spfilePath, "latin1"));
  expect(read(manifest.passwordFile?.name)).toBe(readFileSync(passwordFilePath, "latin1"));
});
