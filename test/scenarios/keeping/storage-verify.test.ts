import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { runProgram } from "../../../src/cli/program.ts";
import type { Surroundings } from "../../../src/cli/surroundings.ts";
import { instant } from "../../../src/domain/instant.ts";
import type { StorageAdapter } from "../../../storage-adapters/contract.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { filesHere } from "../../contract/storage/files-here.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const CONFIG = `
storages: {s: {path: /backup, snapshots: {kind: reflink}}}
databases: {A: {connect: a/A, storage: s, user: U, password: {env: PW}}}
`;

/** Some 30 promises, each of dozens of calls of programs. */
const patient = { timeout: 180_000 };

test(
  "a storage that breaks a promise is told which, with the status of storage, and is left clean",
  patient,
  async () => {
    using scratch = scratchDirectory();
    const directory = join(scratch.path, "snapshots");
    mkdirSync(directory);
    const good = await openStorage("s", { kind: "reflink", directory }, filesHere(), { deadlineMs: 20_000 });
    const broken: StorageAdapter = {
      ...good,
      space: () => Promise.resolve({ totalBytes: 1, freeBytes: 2 }),
    };
    const around = {
      version: "1.2.3",
      env: { UMBRA_CONFIG: "/f.yaml" },
      readText: async () => CONFIG,
      signal: () => new AbortController().signal,
      openStorages: () => ({
        storages: { agent: "a1", primary: [], open: async () => broken },
        hostOf: filesHere,
        clock: { now: () => instant(0) },
        random: (bytes: number) => new Uint8Array(bytes),
        [Symbol.asyncDispose]: async () => {},
      }),
    } as unknown as Surroundings;
    const { result } = await runProgram(["storage", "verify", "s", "--scratch", scratch.path], around);
    if (result?.ok !== true) throw new Error("refused");
    expect(result.exit).toBe(6);
    expect(result.text).toMatch(/^failed +the volume's facts are told.*: space: 2 of 1$/m);
    expect(result.text).toMatch(/^s \(cp .*\) does not keep 1 promise: \d+ kept, \d+ not offered\.$/m);
    expect(result.data).toMatchObject({ storage: "s", good: false });
    expect([readdirSync(scratch.path), readdirSync(directory)]).toEqual([["snapshots"], []]);
  },
);
