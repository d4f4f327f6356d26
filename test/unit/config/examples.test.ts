import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import { loadFleet } from "../../../src/config/load-fleet.ts";
import { formatProblem } from "../../../src/config/problem.ts";

const read = (path: string) => readFile(path, "utf8");

describe("each example is a configuration that loads", () => {
  // What lies in `included/` is loaded by its includer: alone it lacks what that sets.
  for (const file of readdirSync("config/examples").filter((name) => name.endsWith(".yaml"))) {
    test(file, async () => {
      const loaded = await loadFleet(`config/examples/${file}`, read);
      expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
    });
  }
});

describe("each invalid configuration is refused with exactly the text beside it", () => {
  for (const file of readdirSync("config/invalid").filter((name) => name.endsWith(".yaml"))) {
    test(file, async () => {
      const path = `config/invalid/${file}`;
      const loaded = await loadFleet(path, read);
      const text = loaded.ok ? "" : `${loaded.problems.map(formatProblem).join("\n")}\n`;
      await expect(text).toMatchFileSnapshot(`../../../${path.replace(/yaml$/, "txt")}`);
      expect(text).not.toContain("hunter2");
    });
  }
});
