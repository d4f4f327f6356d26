import { describe, expect, test } from "vitest";

import { formatProblem } from "../../../src/config/problem.ts";
import { maskedLine } from "../../../src/config/masked-line.ts";
import { loadTexts } from "./fleet-files.ts";

describe("no source line shows a password", () => {
  const lines: readonly string[] = [
    "password: hunter2",
    "  passwort: hunter2 # comment",
    '{user: U, "pasword": "hunter2", x: 1}',
    "paswrod: {credential: p, value: hunter2}",
    "secret: [hunter2]",
    "oracle_pwd: hunter2",
    'string: "scott/hunter2@db:1521/X"',
  ];
  for (const line of lines) {
    test(line, () => {
      expect(maskedLine(line, 1)).not.toContain("hunter2");
    });
  }

  test("nor the line of a block text below such a key", () => {
    expect(maskedLine("  password: |\n    hunter2\n", 2)).not.toContain("hunter2");
    expect(maskedLine("  password:\n\n    hunter2\n", 3)).not.toContain("hunter2");
  });
});

test("a reference is shown whole", () => {
  const line = "connect: {user: U, password: {credential: umbra}}";
  expect(maskedLine(line, 1)).toBe(line);
});

test("a syntax error anywhere in a file never shows the password beside it", async () => {
  const good = "databases:\n  A:\n    options: {user: U, password: hunter2}\n    storage: nas1\n";
  const shown: string[] = [];
  for (let at = 0; at < good.length; at += 1) {
    if (good.slice(at).startsWith("unter2") || /hunter2?$/.test(good.slice(0, at))) continue;
    for (const wrong of ['"', "{", "\t", "- ", ": ", "&", "*x "]) {
      const loaded = await loadTexts({ "/f.yaml": good.slice(0, at) + wrong + good.slice(at) });
      if (!loaded.ok) shown.push(...loaded.problems.map(formatProblem));
    }
  }
  expect(shown.length).toBeGreaterThan(100);
  expect(shown.filter((text) => text.includes("hunter2"))).toEqual([]);
});
