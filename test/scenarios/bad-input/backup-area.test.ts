import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";
import { smallFileSystem } from "../../rigs/small-file-system.ts";
import { expectRefused } from "./refused.ts";

const CHUNK = Buffer.alloc(65_536);

let user: DatabaseUser;
beforeEach(async () => {
  user = await databaseUser({ cdb: true });
});
afterEach(async () => await user[Symbol.asyncDispose]());

const checkSays = async (line: RegExp) => {
  const { status, stdout } = await user.umbra("check", "PROD1");
  expect(stdout).toMatch(line);
  return status;
};

test("on the file system of the database: a warning, and the backup is made", async () => {
  const made = await user.object<{ warnings: readonly { seen: string; todo: string }[] }>(
    "backup",
    "hot",
    "PROD1",
  );
  const shared = made.warnings.find(({ seen }) => seen.includes("is on the same file system as"));
  expect(shared?.seen).toContain(join(user.directory, "prod", "oradata", "ORCL"));
  expect(shared?.todo).toContain("one broken disk would take the database and its backup");
  expect(await checkSays(/^warning +own storage /m)).toBe(0);
});

test("below a directory that is not there, as when the storage is not mounted: nothing is made on the way", async () => {
  const storagePath = join(user.directory, "mnt", "nas");
  mkdirSync(join(user.directory, "mnt"));
  user.configure({ storagePath });
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3113",
    seen: `neither the backup area ${join(storagePath, "PROD1")} nor the storage's directory above it is there`,
    todo: "mount the storage, or correct its path in the configuration",
  });
  expect(
    await checkSays(
      /^FAILED +backup area .*mnt\/nas\/PROD1: the storage's directory above it is not there$/m,
    ),
  ).toBe(3);
  expect(readdirSync(join(user.directory, "mnt"))).toEqual([]);
});

test("below a file", async () => {
  const storagePath = join(user.directory, "afile");
  writeFileSync(storagePath, "not a directory");
  user.configure({ storagePath });
  await expectRefused(user, { exit: 3, code: "UMB-3113", seen: "is there", todo: "mount the storage" });
});

test("not writable", async (context) => {
  // Rights of a directory do not keep root out.
  const isRoot = process.getuid?.() === 0;
  using storage = isRoot ? smallFileSystem(context, join(user.directory, "nas"), "size=64m,ro") : undefined;
  if (!isRoot) chmodSync(user.storage, 0o555);
  const storagePath = storage?.path ?? user.storage;
  user.configure({ storagePath });
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3114",
    seen: `the backup area ${storagePath}/PROD1 cannot be written`,
    todo: "let umbra's user write it; look for a read-only mount",
  });
  expect(await checkSays(/^FAILED +backup area /m)).toBe(3);
});

describe("full", () => {
  test("before the backup: what is free and what is needed", async (context) => {
    using storage = smallFileSystem(context, join(user.directory, "nas"), "size=4m");
    user.configure({ storagePath: storage.path });
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3115",
      seen: /PROD1 has 4\.00 MiB free; the backup needs \d+\.\d MiB and 0 B is to stay free$/,
      todo: "free or add space, or lower spare in the configuration",
    });
    expect(await checkSays(/^FAILED +free space +4\.00 MiB free, \d+\.\d MiB wanted$/m)).toBe(3);
  });

  test("in the middle of a copy: backup mode is ended, nothing half-written stays, the next backup succeeds", async (context) => {
    using storage = smallFileSystem(context, join(user.directory, "nas"), "size=24m");
    user.configure({ storagePath: storage.path });
    const filler = join(storage.path, "filler");
    const { instance } = user.program;
    const begin = instance.beginBackup.bind(instance);
    instance.beginBackup = async (scope) => {
      await begin(scope);
      if (!existsSync(filler)) fill(filler);
    };
    const { status, stdout, stderr } = await user.umbra("backup", "hot", "PROD1");
    expect({ status, stdout }).toEqual({ status: 6, stdout: "" });
    expect(stderr).toMatch(/^umbra: UMB-6102: .*\/PROD1\/hot\/.*: the backup area is full \(ENOSPC\)$/m);
    expect(stderr).toContain(
      "to do: free space or enlarge the storage; nothing half-written was left behind",
    );
    expect(user.inBackupMode()).toEqual([]);
    expect(readdirSync(join(storage.path, "PROD1", "hot"))).toEqual([]);
    expect(await user.succeed("list")).toBe("There is no backup in the catalog.\n");
    expect(await user.succeed("reconcile")).toBe("PROD1: nothing to put right\n");
    instance.beginBackup = begin;
    rmSync(filler);
    const made = await user.object<{ backup: { id: string } }>("backup", "hot", "PROD1");
    expect(await user.succeed("verify", made.backup.id)).toContain("is good");
  });
});

/** Until nothing more goes in. */
function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}
