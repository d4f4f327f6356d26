import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import type { FilePath, RunId } from "../../../src/domain/names.ts";
import { removeRunFiles } from "../../../src/run/remove-run-files.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const run = "20261121T093300Z-hot-4f2a91" as RunId;

/** The directory of a run with one copy in it, and what `more` puts beside the copy. */
async function removed(more: Readonly<Record<string, string>>, name: string = run) {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const directory = join(scratch.path, name) as FilePath;
  mkdirSync(join(directory, "data"), { recursive: true });
  writeFileSync(join(directory, "data", "1_7_users.dbf"), "blocks");
  for (const [file, text] of Object.entries(more)) writeFileSync(join(directory, file), text);
  const unused = () => Promise.reject(new Error("not asked"));
  const world = {
    backupHost: createLocalHost({ copier: { copy: unused, verify: unused } }),
    database: databaseConfig({ directory: scratch.path }),
  };
  const { left } = await removeRunFiles(world, directory, run);
  return { left, directory, kept: existsSync(join(directory, "data", "1_7_users.dbf")) };
}

test("a directory with the run's name and marker is removed whole", async () => {
  const { left, directory } = await removed({ "umbra-run": `${run}\n` });
  expect(left).toEqual([]);
  expect(existsSync(directory)).toBe(false);
});

test.each<readonly [string, Readonly<Record<string, string>>, string | undefined]>([
  ["the marker of another run", { "umbra-run": "20261121T093300Z-hot-000000\n" }, undefined],
  ["no marker", {}, undefined],
  ["a manifest", { "umbra-run": `${run}\n`, "manifest.json": "{}" }, undefined],
  ["another name", { "umbra-run": `${run}\n` }, "somebody-elses"],
])("a directory with %s keeps its copies, and is named", async (_what, more, name) => {
  const { left, directory, kept } = await removed(more, name);
  expect(left).toEqual([directory]);
  expect(kept).toBe(true);
});

test("the notes of a run that died before its manifest go with it", async () => {
  const { left, directory } = await removed({ "umbra-run": `${run}\n`, "RESTORE.md": "# Restore of TEST\n" });
  expect(left).toEqual([]);
  expect(existsSync(directory)).toBe(false);
});

test("what is not umbra's stays, with the marker", async () => {
  const { left, directory } = await removed({ "umbra-run": `${run}\n`, "notes.txt": "mine" });
  expect(left).toEqual([join(directory, "notes.txt")]);
  expect(existsSync(join(directory, "umbra-run"))).toBe(true);
});
