import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { umbraMain } from "../../rigs/umbra-main.ts";

const CHILD_HOST = new URL("../../../src/adapters/host/child-host.ts", import.meta.url).href;

/** A process in which nothing is open beside the call, as `umbra verify` on a network file system. */
const ALONE = `
import { createChildHost } from ${JSON.stringify(CHILD_HOST)};
const [path, ...argv] = process.argv.slice(1);
using host = createChildHost({ name: "local", argv, version: "test" });
const { bytes } = await host.verify({ path, blockSize: 512, mode: "plain", stallMs: 30_000 });
console.log(bytes);
`;

test("a process that only waits for its child stays until the answer is there", async () => {
  using scratch = scratchDirectory();
  const path = join(scratch.path, "file");
  writeFileSync(path, Buffer.alloc(4096));
  const argv = [path, ...umbraMain, "remote", "--direct", "--allow", "verify"];
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "-e", ALONE, ...argv]);
  await expect(run).resolves.toMatchObject({ stdout: "4096\n" });
});
