import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { Command } from "commander";
import { describe, expect, test } from "vitest";

import { declaredProgram } from "../src/cli/program.ts";
import { catalogue } from "../src/errors/catalogue.ts";
import { projectRoot, textOf } from "./source-tree.ts";

const documents = globSync(["*.md", "docs/**/*.md", "storage-adapters/**/*.md"], { cwd: projectRoot });
const units = globSync("systemd/*", { cwd: projectRoot });
const examples = globSync("config/examples/*.yaml", { cwd: projectRoot });

describe("documents tell of what is there", () => {
  test("a command that is named, and its options, are umbra's", () => {
    const umbra = declaredProgram("0", () => async () => {});
    const wrong = [...documents, ...units, ...examples].flatMap((path) =>
      commandLines(textOf(path)).flatMap((line) => {
        const problem = problemOf(line, umbra);
        return problem === undefined ? [] : [`${path}: umbra ${line}: ${problem}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("a rule that is named by its number is among the rules", () => {
    const rules = new Set([...textOf("docs/rules.md").matchAll(/^\| (\d+) \|/gm)].map(([, rule]) => rule));
    const named = globSync(["src/**/*.ts", "storage-adapters/**/*.ts", "sql/*.sql"], { cwd: projectRoot });
    const wrong = named.flatMap((path) =>
      [...textOf(path).matchAll(/\brules?:? ((?:\d+(?:, | and | to )?)+)/g)]
        .flatMap(([, numbers = ""]) => numbers.match(/\d+/g) ?? [])
        .filter((rule) => !rules.has(rule))
        .map((rule) => `${path}: rule ${rule}`),
    );
    expect(wrong).toEqual([]);
  });

  test("an error that is documented is one that something says", () => {
    const code = globSync(["src/**/*.ts", "storage-adapters/**/*.ts"], { cwd: projectRoot });
    const said = code
      .filter((path) => !path.startsWith("src/errors/entries/"))
      .map(textOf)
      .join("\n");
    expect(Object.keys(catalogue).filter((one) => !said.includes(`"${one}"`))).toEqual([]);
  });

  test("a text of an error is a text, whatever stands in it for what was seen", () => {
    expect(textOf("docs/errors.md")).not.toMatch(/NaN|undefined|\[object/);
  });

  test("a file or folder of the project that is named is there", () => {
    const tops = readdirSync(projectRoot, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const known = new Set(tops.map(({ name }) => name));
    const wrong = documents.flatMap((path) =>
      // The changelog tells of what was; plans tell of what will be.
      path === "CHANGELOG.md"
        ? []
        : [
            ...(textOf(path).split("## What comes next")[0] ?? "").matchAll(
              /`([\w.-]+(?:\/[\w.@{},*-]+)+\/?)`/g,
            ),
          ]
            .map(([, named = ""]) => named)
            .filter((named) => known.has(named.split("/")[0] ?? "") && !/[{*A-Z]{3}|\*/.test(named))
            .filter((named) => !existsSync(join(projectRoot, named)))
            .map((named) => `${path}: ${named}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** What stands behind `umbra ` in code, up to the end of the code or a comment. */
function commandLines(text: string): readonly string[] {
  const inline = [...text.matchAll(/`umbra ([a-z-][^`\n]*)`/g)];
  const blocks = [...text.matchAll(/^```[\s\S]*?^```|^ExecStart=.*$/gm)].map(([block]) => block).join("\n");
  const lines = [...blocks.matchAll(/^(?:ExecStart=\/usr\/bin\/|\s*)umbra ([a-z-].*)$/gm)];
  return [...inline, ...lines].map(([, line = ""]) => line.replace(/\s+#.*$/, "").trim());
}

/** Words are followed as far as they are commands; several ways of one are separated by `|`. */
function problemOf(line: string, umbra: Command): string | undefined {
  const words = line.split(/\s+/);
  let at = umbra;
  for (const word of words) {
    if (at.commands.length === 0 || !/^[a-z|-]+$/.test(word) || word.startsWith("-")) break;
    const found = word.split("|").map((name) => at.commands.find((one) => one.name() === name));
    const [first] = found;
    if (first === undefined || found.includes(undefined)) return `no command ${word}`;
    at = first;
  }
  const known = [...at.options, ...umbra.options].map(({ long }) => long);
  const named = words
    .map((word) => /^\[?(--[a-z-]+)/.exec(word)?.[1])
    .filter((option) => option !== undefined);
  const strange = named.find((option) => !known.includes(option) && option !== "--help");
  return strange === undefined ? undefined : `no option ${strange}`;
}
