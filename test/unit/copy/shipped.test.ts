import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { writeDatafile } from "../../../bench/datafile.ts";
import { shipped } from "../../../bench/shipped.ts";

test("compiled as it is shipped, a copy finds its threads", { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "umbra-shipped-"));
  try {
    const source = join(folder, "users01.dbf");
    const target = join(folder, "copy.dbf");
    const { blocks } = await writeDatafile(source, 9 * 2 ** 20);
    const said = execFileSync(process.execPath, [shipped(folder, "copy-once"), source, target], {
      encoding: "utf8",
    });
    expect(JSON.parse(said)).toMatchObject({ blocksOk: blocks });
    expect(readFileSync(target).equals(readFileSync(source))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
