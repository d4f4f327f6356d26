import { readFileSync } from "node:fs";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { formatProblem } from "../../../src/config/problem.ts";
import { loadTexts } from "./fleet-files.ts";

const EXAMPLE = readFileSync("config/examples/one-database.yaml", "utf8");

/** A configuration with some of its characters replaced. */
const mutated = fc
  .array(
    fc.tuple(
      fc.nat(EXAMPLE.length - 1),
      fc.constantFrom(
        "",
        ":",
        "\n",
        "{",
        "}",
        "[",
        "- ",
        "&a ",
        "*a ",
        "<<: ",
        "null",
        "\t",
        "'",
        "\0",
        "__proto__: ",
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((changes) =>
    changes.reduce((text, [at, put]) => text.slice(0, at) + put + text.slice(at + 1), EXAMPLE),
  );

test("whatever the file holds, it is loaded or refused with places, and nothing is thrown", async () => {
  const texts = fc.oneof(mutated, fc.string(), fc.json());
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const loaded = await loadTexts({ "/f.yaml": text });
      const said = loaded.ok ? ["ok"] : loaded.problems.map(formatProblem);
      expect(said.length).toBeGreaterThan(0);
      expect(said.filter((problem) => !/^ok$|^\/f\.yaml:\d+:\d+: \S/.test(problem))).toEqual([]);
    }),
    { numRuns: 400 },
  );
});
