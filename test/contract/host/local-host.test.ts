import { readFile } from "node:fs/promises";

import { afterAll, expect, onTestFinished, test } from "vitest";

import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { createCopier } from "../../../src/copy/copier.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { CopyRequest, CopyResult } from "../../../src/ports/copier.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";
import { keepsThePromisesOfACopyingHost } from "./copying-host-promises.ts";
import { keepsThePromisesOfAHost } from "./host-promises.ts";
import { keepsThePromisesOfAReceivingHost } from "./receiving-host-promises.ts";
import { keepsThePromisesOfARefreshingHost } from "./refreshing-host-promises.ts";

const noBlocks = {
  examined: 0,
  ok: 0,
  empty: 0,
  fractured: 0,
  badChecksum: 0,
  badHeader: 0,
  allZero: 0,
  softCorrupt: 0,
  reread: 0,
};

function localHost() {
  const copied: CopyRequest[] = [];
  const copy = async (request: CopyRequest): Promise<CopyResult> => {
    copied.push(request);
    return { bytes: 1, sha256: "00", head: Buffer.alloc(0), blocks: noBlocks };
  };
  const verify = () => Promise.reject(new Error("nothing is verified here"));
  return { host: createLocalHost({ copier: { copy, verify } }), copied };
}

keepsThePromisesOfAHost("the local host", async () => localHost().host);

const copier = createCopier();
afterAll(() => copier[Symbol.asyncDispose]());
keepsThePromisesOfACopyingHost("the local host", async () => createLocalHost({ copier }));
keepsThePromisesOfAReceivingHost("the local host", async () => createLocalHost({ copier }));
keepsThePromisesOfARefreshingHost("the local host", async () => createLocalHost({ copier }));

test("a copy is made by the copier, with the request as it was", async () => {
  const { host, copied } = localHost();
  const request: CopyRequest = {
    source: "/a" as FilePath,
    target: "/b" as FilePath,
    mode: "plain",
    blockSize: 1,
    stallMs: 1,
  };
  expect((await host.copy(request)).bytes).toBe(1);
  expect(copied).toEqual([request]);
});

test("a program that misses its deadline is killed with what it has started; what a program leaves behind stays", async () => {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const { host } = localHost();
  const pidOf = async (name: string) => Number(await readFile(`${scratch.path}/${name}`, "utf8"));
  const start = (name: string) => `sleep 600 >/dev/null 2>&1 & echo $! > ${scratch.path}/${name}`;
  await expect(
    host.run(["sh", "-c", `${start("child")}; wait`], { deadlineMs: 1_000, maxOutputBytes: 1 }),
  ).rejects.toMatchObject({ code: "UMB-7202" });
  const child = await pidOf("child");
  await expect.poll(() => isRunning(child)).toBe(false);
  await host.run(["sh", "-c", start("daemon")], { deadlineMs: 10_000, maxOutputBytes: 1 });
  const daemon = await pidOf("daemon");
  onTestFinished(() => void process.kill(daemon, "SIGKILL"));
  expect(await isRunning(daemon)).toBe(true);
});

/** A zombie that nobody has collected yet does not run. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return stat !== "" && !stat.includes(") Z ");
}
