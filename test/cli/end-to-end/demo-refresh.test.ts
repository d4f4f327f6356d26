import { expect, test } from "vitest";

import { refreshDemo } from "../../../demo/refresh.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

/** A dozen processes, one after another. */
const MANY_COMMANDS_MS = 300_000;

test(
  "refreshes leave no hole, and an old snapshot with later logs restores what coverage claims",
  { timeout: MANY_COMMANDS_MS },
  async () => {
    using scratch = scratchDirectory();
    const said: string[] = [];
    const tell = { chapter: (title: string) => said.push(title), say: (text: string) => said.push(text) };
    const small = { bytes: 12 * 1_048_576, operationsPerSecond: 100, changesBetween: 50 };
    const shown = await refreshDemo(scratch.path, tell, small);
    expect(shown).toMatchObject({
      isGood: true,
      baseline: true,
      refreshes: 3,
      snapshots: 3,
      holes: 0,
      rowsDifferent: 0,
      retentionKeeps: 2,
      retentionDrops: 1,
    });
    expect(shown.rowsCompared).toBeGreaterThan(0);
    const text = said.join("\n");
    expect(text).toContain(`Recovered until SCN ${shown.restoredToScn}`);
    expect(text).toContain("GOES   no rule keeps it");
    expect(text).toMatch(/Can be restored now:\n {2}[█▒·]+\nafterwards:\n {2}[█▒·]+\n/);
  },
);
