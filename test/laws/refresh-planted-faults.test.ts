import { closeSync, openSync, readSync, statSync, writeSync } from "node:fs";

import { expect, test } from "vitest";

import type { StorageAdapter } from "../../storage-adapters/contract.ts";
import type { RefreshRequest } from "../../src/ports/copier.ts";
import type { World } from "../../src/run/world.ts";
import { type RefreshLawOptions, refreshTrial } from "./refresh-law.ts";

/** More than any fault needs: the first seed that catches it ends the search. */
const SEEDS = 25;

/** What the law says of it, on the first seed where it says anything. */
async function caught(
  change: (world: World) => World,
  options: Omit<RefreshLawOptions, "change"> = {},
): Promise<string> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      const { problems } = await refreshTrial(seed, { change, ...options });
      if (problems.length > 0) return problems.join("; ");
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return "nothing";
}

test("a refresh that leaves out one changed block", async () => {
  const change = (world: World): World => ({ ...world, databaseHost: leavesOutABlock(world.databaseHost) });
  expect(await caught(change, { quiet: true })).toMatch(/differs|ORA-/);
});

test("a list of changes that lacks a block", async () => {
  const storage = (honest: StorageAdapter): StorageAdapter => {
    const facet = honest.changedBlocks;
    if (facet === undefined) throw new Error("it lists nothing");
    const between: typeof facet.between = async (request, limits) => {
      const told = await facet.between(request, limits);
      return told.map((one) => one && { ...one, extents: one.extents.slice(0, -1) });
    };
    return { ...honest, changedBlocks: { between } };
  };
  expect(await caught((world) => world, { quiet: true, find: "list", storage })).toMatch(
    /differed that its storage had not listed|listed block/,
  );
});

test("copies that are rewritten without a mark in the manifest", async () => {
  const change = (world: World): World => {
    const { backupHost: host } = world;
    const unmarked: typeof host = {
      ...host,
      writeAtomically: async (path, content, options) => {
        if (!/"dirty": \[\n\s+\{/.test(String(content))) await host.writeAtomically(path, content, options);
      },
    };
    return { ...world, databaseHost: { ...unmarked }, backupHost: unmarked };
  };
  expect(await caught(change)).toMatch(/is rewritten and not marked|ORA-01152/);
});

function leavesOutABlock(host: World["databaseHost"]): World["databaseHost"] {
  return {
    ...host,
    refresh: async (request) => {
      const before = readAll(request.target);
      const result = await host.refresh?.(request);
      if (result === undefined) throw new Error("there is no engine");
      putBack(request, before);
      return result;
    },
  };
}

/** The last block that changed, in the old state. */
function putBack({ target, blockSize }: RefreshRequest, before: Buffer): void {
  const after = readAll(target);
  for (let at = Math.min(before.length, after.length) - blockSize; at >= 2 * blockSize; at -= blockSize) {
    const old = before.subarray(at, at + blockSize);
    if (old.equals(after.subarray(at, at + blockSize))) continue;
    const file = openSync(target, "r+");
    writeSync(file, old, 0, blockSize, at);
    closeSync(file);
    return;
  }
}

function readAll(path: string): Buffer {
  const content = Buffer.alloc(statSync(path).size);
  const file = openSync(path, "r");
  readSync(file, content, 0, content.length, 0);
  closeSync(file);
  return content;
}
