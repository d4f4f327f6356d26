import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createFile } from "../../../../src/adapters/host/create-file.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

test("a new file is there whole, and only its owner may write it", async () => {
  using scratch = scratchDirectory();
  const path = join(scratch.path, "new.yaml") as FilePath;
  expect(await createFile(path, "content\n")).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("content\n");
  expect(statSync(path).mode & 0o027).toBe(0);
  expect(readdirSync(scratch.path)).toEqual(["new.yaml"]);
});

test("what somebody else made meanwhile stays as it is, and nothing is left beside it", async () => {
  using scratch = scratchDirectory();
  const path = join(scratch.path, "old.yaml") as FilePath;
  writeFileSync(path, "theirs");
  expect(await createFile(path, "ours")).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("theirs");
  expect(readdirSync(scratch.path)).toEqual(["old.yaml"]);
});

test("of many at once exactly one makes the file", async () => {
  using scratch = scratchDirectory();
  const path = join(scratch.path, "one.yaml") as FilePath;
  const made = await Promise.all(Array.from({ length: 8 }, (_, index) => createFile(path, String(index))));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(readFileSync(path, "utf8")).toBe(String(made.indexOf(true)));
  expect(readdirSync(scratch.path)).toEqual(["one.yaml"]);
});

test("a directory that is not there is told with its errno", async () => {
  using scratch = scratchDirectory();
  const path = join(scratch.path, "no", "file") as FilePath;
  await expect(createFile(path, "x")).rejects.toMatchObject({
    code: "UMB-7108",
    context: { path, errno: "ENOENT" },
  });
});
