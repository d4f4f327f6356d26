import {
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { CatalogEntry } from "../../../src/domain/journal.ts";
import type { Manifest } from "../../../src/domain/manifest.ts";
import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { manifestOf } from "../../rigs/restored-database.ts";

let user: DatabaseUser;
let backup: CatalogEntry;
let manifest: Manifest;
let pristine = "";

beforeAll(async () => {
  user = await databaseUser({ cdb: true });
  ({ backup } = await user.object<{ backup: CatalogEntry }>("backup", "hot", "PROD1"));
  manifest = manifestOf(backup.directory);
  pristine = join(user.directory, "pristine");
  cpSync(backup.directory, pristine, { recursive: true });
});
afterAll(async () => await user[Symbol.asyncDispose]());
beforeEach(() => {
  rmSync(backup.directory, { recursive: true });
  cpSync(pristine, backup.directory, { recursive: true });
});

const verdict = async () => {
  const { backups } = await user.object<{ backups: readonly CatalogEntry[] }>("list");
  return backups.find(({ id }) => id === backup.id)?.verdict;
};

/** Verify ends with status 9, and names the file. */
async function expectDamaged(name: string, problem: RegExp): Promise<void> {
  const { status, stdout, stderr } = await user.umbra("verify", backup.id);
  expect({ status, stderr }).toEqual({ status: 9, stderr: "" });
  const said = stdout.split("\n").filter((line) => line.startsWith(`${name}: `));
  expect(said.join("\n")).toMatch(problem);
  expect(stdout).toMatch(new RegExp(`^${backup.id} is damaged, \\d+ problems?: `, "m"));
  expect(await verdict()).toBe("damaged");
}

test("a backup as it was made is good, and list says so", async () => {
  const { status, stdout, stderr } = await user.umbra("verify", backup.id);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^${backup.id} is good: \\d+ files, .* read\\n$`));
  expect(await verdict()).toBe("good");
  expect(await user.succeed("list")).toMatch(/ good at \d{4}-/);
});

test("verify as JSON holds the verdict and each problem", async () => {
  const [log] = manifest.logs;
  rmSync(join(backup.directory, log?.name ?? "?"));
  const { status, stdout } = await user.umbra("verify", backup.id, "--output", "json");
  expect(status).toBe(9);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 1,
    kind: "verify",
    backup: backup.id,
    good: false,
    problems: [{ path: log?.name }],
  });
});

describe("damage is found, and the file is named", () => {
  test("one byte of a datafile flipped", async () => {
    const file = manifest.datafiles.at(-1);
    flipByte(join(backup.directory, file?.name ?? "?"), Math.trunc((file?.bytes ?? 0) / 2));
    await expectDamaged(file?.name ?? "?", /SHA-256 is not the one that was written/);
  });

  test("one byte of the parameter file flipped", async () => {
    const name = manifest.spfile?.name ?? "?";
    flipByte(join(backup.directory, name), 3);
    await expectDamaged(name, /SHA-256 is not the one that was written/);
  });

  test("a log removed", async () => {
    const name = manifest.logs[0]?.name ?? "?";
    rmSync(join(backup.directory, name));
    await expectDamaged(name, /not there/);
  });

  test("the control file truncated", async () => {
    const { name, bytes } = manifest.controlfile;
    truncateSync(join(backup.directory, name), Math.trunc(bytes / 2));
    await expectDamaged(name, /holds \d+ bytes/);
  });

  test("the control file emptied", async () => {
    const { name } = manifest.controlfile;
    truncateSync(join(backup.directory, name), 0);
    await expectDamaged(name, /holds 0 bytes/);
  });

  test("a copy replaced by the copy of another file", async () => {
    const [one, other] = manifest.datafiles;
    copyFileSync(join(backup.directory, other?.name ?? "?"), join(backup.directory, one?.name ?? "?"));
    await expectDamaged(one?.name ?? "?", /header's file number is \d+, not \d+/);
  });

  test("everything below the directory gone but the manifest", async () => {
    for (const part of ["data", "logs", "control", "parameters"]) {
      rmSync(join(backup.directory, part), { recursive: true });
    }
    await expectDamaged(manifest.controlfile.name, /not there/);
  });
});

describe("a backup whose manifest cannot be trusted is not verified at all", () => {
  const path = () => join(backup.directory, "manifest.json");
  test.each([
    ["gone", () => rmSync(path()), "the manifest is gone"],
    ["changed", () => flipByte(path(), 40), "the manifest is not the one that the catalog knows"],
  ])("%s: status 9 with its path", async (_, damage, problem) => {
    damage();
    const { status, stdout, stderr } = await user.umbra("verify", backup.id);
    expect({ status, stdout }).toEqual({ status: 9, stdout: "" });
    expect(stderr).toContain(`UMB-9005: ${path()}: ${problem}`);
    expect(stderr).toContain("to do: ");
  });
});

test("an unknown backup is a mistake of usage, with the name that was meant", async () => {
  const { status, stderr } = await user.umbra("verify", `${backup.id.slice(0, -1)}x`);
  expect(status).toBe(2);
  expect(stderr).toContain(`did you mean "${backup.id}"?`);
});

describe("catalog rebuild", () => {
  test("after the state is lost it lists the same backups", async () => {
    const before = await user.succeed("list");
    rmSync(user.state, { recursive: true });
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
    expect(await user.succeed("catalog", "rebuild")).toBe("PROD1: 1 backup in the catalog\n");
    const columns = (text: string) => text.split("\n").map((line) => line.split(/ {2,}/).slice(0, 7));
    expect(columns(await user.succeed("list"))).toEqual(columns(before));
    expect((await user.umbra("verify", backup.id)).status).toBe(0);
  });

  test("keeps the verdicts of backups that it knew", async () => {
    await user.succeed("verify", backup.id);
    await user.succeed("catalog", "rebuild");
    expect(await verdict()).toBe("good");
  });

  test("a storage that is not mounted does not empty it: status 6 with its path", async () => {
    const away = `${user.storage}.away`;
    renameSync(user.storage, away);
    const unmounted = await user.umbra("catalog", "rebuild");
    mkdirSync(user.storage);
    const empty = await user.umbra("catalog", "rebuild");
    rmSync(user.storage, { recursive: true });
    renameSync(away, user.storage);
    const seen = `UMB-6201: the backup area ${user.area} is not there, and the catalog knows 1 backup in it`;
    for (const { status, stdout, stderr } of [unmounted, empty]) {
      expect({ status, stdout }).toEqual({ status: 6, stdout: "" });
      expect(stderr).toContain(seen);
    }
    expect(await user.succeed("list")).toContain(backup.id);
  });

  test("names a directory that is no backup, leaves it as it is, and ends with status 9", async () => {
    const away = join(user.directory, basename(backup.directory));
    renameSync(join(backup.directory, "manifest.json"), away);
    const { status, stdout } = await user.umbra("catalog", "rebuild", "PROD1");
    expect(status).toBe(9);
    expect(stdout).toContain(`${backup.directory}: it has no manifest: no backup, or an unfinished one`);
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
    renameSync(away, join(backup.directory, "manifest.json"));
    await user.succeed("catalog", "rebuild");
    expect(await user.succeed("list")).toContain(backup.id);
  });
});

function flipByte(path: string, at: number): void {
  const file = openSync(path, "r+");
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}
