import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test, type TestContext } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { BLOCK, datafile } from "../../unit/formats/oracle-file.ts";

/** What every host keeps that can bring copies forward, wherever its engine runs. */
export function keepsThePromisesOfARefreshingHost(
  name: string,
  hostFor: (context: TestContext) => Promise<Host>,
): void {
  describe(`${name}: refreshes`, () => {
    test("only the blocks that changed are written, and the copy is the source again", async (context) => {
      const host = await hostFor(context);
      using scratch = scratchDirectory(tmpdir());
      const at = (file: string) => join(scratch.path, file) as FilePath;
      const content = datafile(300);
      await writeFile(at("source"), content);
      const request = {
        source: at("source"),
        target: at("copy"),
        mode: "consistent",
        blockSize: BLOCK,
        relativeFile: 7,
        stallMs: 10_000,
      } as const;
      await host.copy(request);
      const later = Buffer.concat([
        content.subarray(0, 200 * BLOCK),
        datafile(300, 7, 2).subarray(200 * BLOCK, 203 * BLOCK),
        content.subarray(203 * BLOCK),
      ]);
      await writeFile(at("source"), later);
      const extents = [{ offset: 200 * BLOCK, bytes: 3 * BLOCK }];
      const newerThan = { begin: 0n, copy: 0n };
      const first = await host.refresh?.({ ...request, changes: { by: "list", extents, newerThan } });
      expect(first).toMatchObject({ bytes: later.length, foundBy: "list", blocksWritten: 3 });
      expect((await readFile(at("copy"))).equals(later)).toBe(true);
      const second = await host.refresh?.({ ...request, changes: { by: "compare" } });
      expect(second).toMatchObject({ foundBy: "compare", blocksWritten: 0 });
      // Nothing in the file is as new as that.
      const never = { begin: 2n ** 47n, copy: 2n ** 47n };
      const doubted = await host.refresh?.({
        ...request,
        changes: { by: "list", extents, newerThan: never },
      });
      expect(doubted).toMatchObject({
        foundBy: "compare",
        doubt: { why: "nothing-new", block: 200, count: 1 },
      });
    });
  });
}
