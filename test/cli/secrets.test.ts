import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { umbra } from "./run-umbra.ts";

const SECRET = "hunter2-never-shown";
let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "umbra-cli-secrets-"));
  writeFileSync(join(directory, "good"), `${SECRET}\n`, { mode: 0o600 });
  writeFileSync(join(directory, "open"), `${SECRET}\n`, { mode: 0o644 });
  writeFileSync(join(directory, "lines"), `${SECRET}\n${SECRET}\n`, { mode: 0o600 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Nothing listens on port 1: every command that connects fails after the password was read. */
function fails(password: string, argv: readonly string[]) {
  const config = join(directory, "umbra.yaml");
  writeFileSync(
    config,
    `state: ${directory}/state
storages: {s: {path: ${directory}/backup}}
databases:
  P: {storage: s, connect: "127.0.0.1:1/SERVICE", user: U, password: ${password}, deadlines: {connect: 5s}}
`,
  );
  const env = { PW: SECRET, CREDENTIALS_DIRECTORY: directory };
  const { status, stdout, stderr } = umbra([...argv, "--config", config], env);
  return { status, said: stdout + stderr };
}

describe("a command that fails after it read the password does not say it", () => {
  const references = [
    "{env: PW}",
    "{credential: good}",
    "{file: DIRECTORY/good}",
    "{exec: [/bin/cat, DIRECTORY/good]}",
  ];
  const formats = ["table", "json", "ndjson"];
  for (const [index, reference] of references.entries()) {
    test(reference, () => {
      const password = reference.replace("DIRECTORY", directory);
      const format = formats[index % formats.length] ?? "";
      for (const command of ["inventory", "check"]) {
        const { status, said } = fails(password, [command, "P", "--output", format]);
        expect(status).toBe(5);
        expect(said).toContain("UMB-51");
        expect(said).not.toContain("hunter2");
      }
    });
  }
});

describe("a password that cannot be used is a mistake of the configuration, and is not said either", () => {
  const references = {
    "{file: DIRECTORY/open}": "UMB-2103",
    "{file: DIRECTORY/lines}": "UMB-2107",
    '{exec: [/bin/sh, -c, "cat DIRECTORY/good >&2; exit 1"]}': "UMB-2106",
  };
  for (const [reference, code] of Object.entries(references)) {
    test(`${reference}: ${code}`, () => {
      const { status, said } = fails(reference.replace("DIRECTORY", directory), ["inventory", "P"]);
      expect(status).toBe(2);
      expect(said).toContain(code);
      expect(said).not.toContain("hunter2");
    });
  }
});
