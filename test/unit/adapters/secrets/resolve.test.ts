import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { resolveSecret } from "../../../../src/adapters/secrets/resolve.ts";
import type { SecretReference } from "../../../../src/domain/fleet.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { isUmbraError } from "../../../../src/errors/umbra-error.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "umbra-secrets-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const around = (env: Record<string, string> = {}) => ({ env, uid: process.getuid?.(), deadlineMs: 5000 });

function file(name: string, content: string, mode = 0o600): FilePath {
  const path = join(directory, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path as FilePath;
}

async function codeOf(reference: SecretReference, surroundings = around()): Promise<string> {
  const error = await resolveSecret(reference, surroundings).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return "resolved";
  if (!isUmbraError(error)) throw error;
  const said = `${error.stack} ${JSON.stringify(error.context)} ${error.hint}`;
  return said.includes("hunter2") ? `the secret is in: ${said}` : error.code;
}

test("a file's one line is the password, without its newline", async () => {
  expect(await resolveSecret({ from: "file", path: file("p", " hunter2 \n") }, around())).toBe(" hunter2 ");
});

test("a credential comes from the directory that systemd names, whatever its mode", async () => {
  file("prod1", "hunter2", 0o440);
  const reference = { from: "credential", name: "prod1" } as const;
  expect(await resolveSecret(reference, around({ CREDENTIALS_DIRECTORY: directory }))).toBe("hunter2");
  expect(await codeOf(reference)).toBe("UMB-2101");
});

test("an environment variable and a program's output are passwords too", async () => {
  expect(await resolveSecret({ from: "env", variable: "PW" }, around({ PW: "hunter2" }))).toBe("hunter2");
  expect(await resolveSecret({ from: "exec", argv: ["/bin/echo", "hunter2"] }, around())).toBe("hunter2");
});

describe("refused, and no part of the secret is in the error", () => {
  test("a file that group or others may read", async () => {
    expect(await codeOf({ from: "file", path: file("g", "hunter2", 0o640) })).toBe("UMB-2103");
    expect(await codeOf({ from: "file", path: file("o", "hunter2", 0o604) })).toBe("UMB-2103");
  });

  test("a file of another user", async () => {
    const path = file("p", "hunter2");
    const owner = process.getuid?.() ?? 0;
    const other = { ...around(), uid: owner + 1 };
    expect(await codeOf({ from: "file", path }, other)).toBe(owner === 0 ? "resolved" : "UMB-2104");
  });

  test("a file that is not there, a directory, a named pipe's kind, a huge file", async () => {
    expect(await codeOf({ from: "file", path: join(directory, "absent") as FilePath })).toBe("UMB-2102");
    expect(await codeOf({ from: "file", path: directory as FilePath })).toBe("UMB-2102");
    expect(await codeOf({ from: "file", path: "/dev/null" as FilePath })).toBe("UMB-2102");
    expect(await codeOf({ from: "file", path: file("big", "hunter2".repeat(20_000)) })).toBe("UMB-2102");
  });

  test("nothing, or more than one line", async () => {
    expect(await codeOf({ from: "file", path: file("empty", "\n") })).toBe("UMB-2107");
    expect(await codeOf({ from: "env", variable: "PW" }, around({ PW: "hunter2\nhunter2" }))).toBe(
      "UMB-2107",
    );
    expect(await codeOf({ from: "env", variable: "PW" })).toBe("UMB-2105");
  });

  test("a program that fails after it printed, that is not there, that prints without end", async () => {
    expect(
      await codeOf({ from: "exec", argv: ["/bin/sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"] }),
    ).toBe("UMB-2106");
    expect(await codeOf({ from: "exec", argv: ["/nowhere/hunter"] })).toBe("UMB-2106");
    expect(await codeOf({ from: "exec", argv: ["/bin/sh", "-c", "yes hunter2"] })).toBe("UMB-2106");
  });

  test("a program that does not end is ended with all it started", async () => {
    const argv = ["/bin/sh", "-c", "sleep 1000 & echo hunter2; wait"];
    expect(await codeOf({ from: "exec", argv }, { ...around(), deadlineMs: 200 })).toBe("UMB-2106");
  });
});
