import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./huge-process.ts", import.meta.url));
const { GLIBC_TUNABLES: _, ...env } = process.env;

function said(file: string, over: NodeJS.ProcessEnv = {}) {
  const text = execFileSync(process.execPath, ["--no-warnings", script, file, "two words"], {
    encoding: "utf8",
    env: { ...env, ...over },
  });
  return JSON.parse(text) as Record<string, unknown>;
}

test("a process starts once more, in its place, with huge pages that its children do not inherit", () => {
  const folder = mkdtempSync(join(tmpdir(), "umbra-huge-"));
  try {
    const file = join(folder, "a");
    writeFileSync(file, Buffer.alloc(8192, "x"));
    expect(said(file)).toEqual({
      args: [file, "two words"],
      flags: ["--no-warnings"],
      huge: true,
      inherited: null,
      direct: "xx",
    });
    expect(said(file, { GLIBC_TUNABLES: "glibc.malloc.check=0" })).toMatchObject({
      huge: false,
      inherited: "glibc.malloc.check=0",
      direct: "xx",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
