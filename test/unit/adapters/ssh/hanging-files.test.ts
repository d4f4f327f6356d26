import { execFileSync } from "node:child_process";
import { constants } from "node:fs";
import { open } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import { connect } from "../../../../src/adapters/ssh/connect.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

const address = { host: "127.0.0.1", port: 1 };

/** Opened for reading, it waits for a writer: as a file in a home whose server is gone. */
function hangingFile(): FilePath {
  const scratch = scratchDirectory();
  const path = `${scratch.path}/pipe` as FilePath;
  execFileSync("mkfifo", [path]);
  onTestFinished(async () => {
    // Lets the reader go.
    await using _writer = await open(path, constants.O_RDWR);
    scratch[Symbol.dispose]();
  });
  return path;
}

test("known hosts that cannot be read in time are told, before anybody is connected to", async () => {
  const path = hangingFile();
  const login = { by: "agent", socket: "/nowhere" as FilePath } as const;
  const settings = { knownHosts: [path], connectMs: 50, keepaliveMs: 1_000 };
  await expect(connect({ address, user: "u", login }, settings)).rejects.toMatchObject({
    code: "UMB-7218",
    context: { path, errno: "no answer within 50 ms" },
  });
});

test("a private key that cannot be read in time is told", async () => {
  const path = hangingFile();
  const settings = { knownHosts: [], connectMs: 50, keepaliveMs: 1_000 };
  const target = { address, user: "u", login: { by: "key", path } as const };
  await expect(connect(target, settings)).rejects.toMatchObject({
    code: "UMB-7217",
    context: { problem: `${path}: no answer within 50 ms` },
  });
});
