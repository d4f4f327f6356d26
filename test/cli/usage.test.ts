import { describe, expect, test } from "vitest";

import { umbra } from "./run-umbra.ts";

const EXAMPLE = ["--config", "config/examples/fleet.yaml"] as const;

test("--version prints the version and nothing else", () => {
  const { status, stdout } = umbra(["--version"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("every command explains itself with --help", () => {
  const { stdout } = umbra(["--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? "");
  const groups: Readonly<Record<string, readonly string[]>> = {
    config: ["check", "schema"],
    backup: ["hot", "cold", "refresh", "snapshot"],
    snapshot: ["list", "create", "delete"],
    hold: ["add", "release", "list"],
    retention: ["plan", "apply", "undo"],
    storage: ["verify"],
    catalog: ["rebuild"],
    logs: ["setup", "verify", "backfill", "guard"],
    hosts: ["trust"],
  };
  const paths = names.flatMap((name) => groups[name]?.map((child) => [name, child]) ?? [[name]]);

  test("the help lists the commands", () => {
    expect(names).toEqual([
      "config",
      "doctor",
      "discover",
      "inventory",
      "check",
      "backup",
      "setup",
      "baseline",
      "reconcile",
      "list",
      "show",
      "coverage",
      "verify",
      "snapshot",
      "hold",
      "retention",
      "storage",
      "catalog",
      "logs",
      "heartbeat",
      "hosts",
    ]);
  });

  for (const path of paths) {
    test(path.join(" "), () => {
      const help = umbra([...path, "--help"]);
      expect(help.status).toBe(0);
      expect(help.stdout).toContain(`Usage: umbra ${path.join(" ")}`);
      expect(help.stderr).toBe("");
    });
  }
});

describe("bad usage ends with status 2, one clear message, and nothing on standard output", () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[], "which command?"],
    [["confg"], "unknown command 'confg' (Did you mean config?)"],
    [["config", "chekc"], "unknown command 'chekc' (Did you mean check?)"],
    [["config"], "which command? config"],
    [["config", "check", "--explian", "A"], "unknown option '--explian' (Did you mean --explain?)"],
    [
      ["config", "check", "too", "much"],
      "too many arguments for 'check'. Expected 0 arguments but got 2: too, much.",
    ],
    [
      ["--output", "xml", "config", "check"],
      "option '--output <format>' argument 'xml' is invalid. Allowed choices are table, json, ndjson.",
    ],
    [["inventory"], "missing required argument 'database'"],
    [
      ["backup", "hot", "P", "--parallel", "0"],
      "option '--parallel <number>' argument '0' is invalid. It must be a whole number from 1 to 64.",
    ],
    [
      ["backup", "hot", "P", "--mode", "all"],
      "option '--mode <mode>' argument 'all' is invalid. It must be per-tablespace or database.",
    ],
    [
      ["backup", "hot", "P", "--tablespaces", "A,,B"],
      "option '--tablespaces <names>' argument 'A,,B' is invalid. A name is empty.",
    ],
    [["config", "check", "--config"], "option '--config <path>' argument missing"],
  ];
  for (const [argv, message] of cases) {
    test(`umbra ${argv.join(" ")}`, () => {
      const { status, stdout, stderr } = umbra(argv);
      expect(status).toBe(2);
      expect(stdout).toBe("");
      expect(stderr).toBe(
        `umbra: UMB-2001: ${message}\n  to do: the command with --help shows what it takes\n`,
      );
    });
  }
});

test("the same mistake is one JSON object where JSON is asked for", () => {
  const { status, stdout, stderr } = umbra(["confg", "--output", "json"]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(JSON.parse(stderr)).toMatchObject({
    schema: 1,
    kind: "error",
    exit: 2,
    errors: [{ code: "UMB-2001" }],
  });
});

test("a database that is not configured is refused with the name that was meant", () => {
  const { status, stderr } = umbra(["config", "check", "--explain", "PORD1", ...EXAMPLE]);
  expect(status).toBe(2);
  expect(stderr).toContain('no database is called PORD1 in the configuration; did you mean "PROD1"?');
});
