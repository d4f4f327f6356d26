import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { expect } from "vitest";

import { startListener } from "../../simulator/tns/listener.ts";
import { simulatedWorld, type SimulatedWorld } from "../rigs/simulated-world.ts";
import { activeFiles, expectNextBackup, expectPutRight } from "./after-a-death.ts";
import type { AgentSpec, Death } from "./agent-that-dies.ts";

const PROGRAM = fileURLToPath(new URL("agent-that-dies.ts", import.meta.url));
/** Far above the writes of one backup of this database: the loop ends when a run outlives its death. */
const MOST_DEATHS = 400;
/** A whole backup after each death would say the same many times over. */
const NEXT_BACKUP_EVERY = 8;

export interface Deaths {
  readonly deaths: number;
  /** How many of them left files in backup mode for reconcile. */
  readonly inBackupMode: number;
}

/** Dies at 1, 2, 3 … until a run outlives its death; after each death reconcile must put everything right. */
export async function dieEverywhere(death: (n: number) => Death): Promise<Deaths> {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  const listener = await startListener({ engine: rig.engine });
  let inBackupMode = 0;
  try {
    for (let n = 1; n < MOST_DEATHS; n += 1) {
      if (!(await died(rig, listener.port, death(n)))) return { deaths: n - 1, inBackupMode };
      if (activeFiles(rig).length > 0) inBackupMode += 1;
      await expectPutRight(rig);
      if (n % NEXT_BACKUP_EVERY === 0) await expectNextBackup(rig);
    }
    throw new Error("a run never came to its end");
  } finally {
    await listener.close();
  }
}

/** Runs the agent until it dies. False where the backup was done first. */
async function died(rig: SimulatedWorld, port: number, death: Death): Promise<boolean> {
  const spec: AgentSpec = { directory: rig.directory, connectString: `127.0.0.1:${port}/ORCL`, death };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(spec)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const complaints: Buffer[] = [];
  child.stderr.on("data", (part: Buffer) => complaints.push(part));
  const [status, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal === "SIGKILL") return true;
  expect(Buffer.concat(complaints).toString("utf8")).toBe("");
  expect(status).toBe(0);
  return false;
}
