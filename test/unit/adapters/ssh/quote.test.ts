import { execFileSync } from "node:child_process";

import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { expect, test } from "vitest";

import { commandLine } from "../../../../src/adapters/ssh/quote.ts";
import { quoted } from "../../../../src/domain/shell-word.ts";

const SPECIAL = Array.from("'\"\\$`!*?~# \t\r\n-=;&|<>(){}[]aß漢");

/** What a POSIX shell makes of the line. */
const inShell = (line: string) => execFileSync("/bin/sh", ["-c", line]).toString();
/** Words that UTF-8 can hold, without NUL, which no argument can hold. */
const word = oneof(string({ unit: "binary" }), string({ unit: constantFrom(...SPECIAL) })).map((text) =>
  Buffer.from(text.replaceAll("\0", "")).toString(),
);

test("a shell reads a quoted word as it was, whatever is in it", () => {
  const law = property(word, (text) => {
    expect(inShell(`printf %s ${quoted(text)}`)).toBe(text);
  });
  assert(law, { numRuns: 150 });
});

test("a shell splits a command line into exactly the words it was made of", () => {
  const law = property(array(word, { minLength: 1, maxLength: 5 }), (words) => {
    const printed = inShell(commandLine(["printf", String.raw`%s\0`, ...words]));
    expect(printed.split("\0").slice(0, -1)).toEqual(words);
  });
  assert(law, { numRuns: 100 });
});

test("the program takes the place of the shell", () => {
  const [shell, program] = inShell(`echo $$; ${commandLine(["sh", "-c", "echo $$"])}`).split("\n");
  expect(Number(shell)).toBeGreaterThan(0);
  expect(program).toBe(shell);
});
