import { startListener } from "../../simulator/tns/listener.ts";
import { simulatedWorld } from "../rigs/simulated-world.ts";
import { activeFiles, expectNextBackup, expectPutRight } from "./after-a-death.ts";
import type { AgentSpec, Death } from "./agent-that-dies.ts";
import { DyingAgents } from "./ran-until-dead.ts";

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
  using agents = new DyingAgents<AgentSpec>("agent-that-dies.ts");
  const listener = await startListener({ engine: rig.engine });
  const place = { directory: rig.directory, connectString: `127.0.0.1:${listener.port}/ORCL` };
  let inBackupMode = 0;
  try {
    for (let n = 1; n < MOST_DEATHS; n += 1) {
      if (!(await agents.ranUntilDead({ ...place, death: death(n) }))) return { deaths: n - 1, inBackupMode };
      if (activeFiles(rig).length > 0) inBackupMode += 1;
      await expectPutRight(rig);
      if (n % NEXT_BACKUP_EVERY === 0) await expectNextBackup(rig);
    }
    throw new Error("a run never came to its end");
  } finally {
    await listener.close();
  }
}
