import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { projectRoot, sourceFiles, textOf } from "./source-tree.ts";

/** Words that name nothing, with what the glossary offers instead. */
const bannedNames = /(^|[-/])(utils?|helpers?|common|misc|manager|stuff)([-/.]|$)/;

function trackedFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  return output.split("\n").filter((path) => path !== "" && path !== "package-lock.json");
}

function readText(path: string): string {
  try {
    return readFileSync(join(projectRoot, path), "utf8");
  } catch {
    return "";
  }
}

describe("tidy", () => {
  test("no file is a room too large to live in: at most 400 lines", () => {
    const long = sourceFiles().filter((file) => textOf(file).split("\n").length > 401);
    expect(long).toEqual([]);
  });

  test("no file is named after nothing", () => {
    expect(sourceFiles().filter((file) => bannedNames.test(file))).toEqual([]);
  });

  test("no test is switched off or narrowed", () => {
    const off = sourceFiles(["test"]).filter((file) =>
      /\b(test|it|describe)\.(only|todo|skip)\b/.test(textOf(file)),
    );
    expect(off.filter((file) => file !== "test/tidy.test.ts")).toEqual([]);
  });

  test("titles of tests in one file are different", () => {
    const doubled = sourceFiles(["test"]).flatMap((file) => {
      const titles = [...textOf(file).matchAll(/\n\s*(?:test|it)\(\s*"([^"]+)"/g)].map((m) => m[1]);
      return titles
        .filter((title, index) => titles.indexOf(title) !== index)
        .map((title) => `${file}: ${title}`);
    });
    expect(doubled).toEqual([]);
  });

  test("no unfinished work is left as a comment", () => {
    const marks = new RegExp(`\\b(${["TODO", "FIXME", "XXX", "HACK"].join("|")})\\b`);
    const others = sourceFiles().filter((file) => file !== "test/tidy.test.ts");
    expect(others.filter((file) => marks.test(textOf(file)))).toEqual([]);
  });

  test("the lock file and the settings name no registry host", () => {
    const lock = readText("package-lock.json");
    expect(lock).not.toMatch(/"resolved":\s*"https?:/);
  });

  test("no tracked file is large", () => {
    const large = trackedFiles().filter((path) => readText(path).length > 400_000);
    expect(large).toEqual([]);
  });
});
