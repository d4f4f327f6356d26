import { backupSnapshot } from "../../src/run/backup-snapshot.ts";
import { reflinkStorages } from "../rigs/reflink-storages.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

export interface SnapshotAgentSpec extends AgentPlace {
  /** The n-th durable write, and on which side of it. */
  readonly write: number;
  readonly at: "before" | "after";
}

/** Takes one backup by snapshots, suspended. */
const { write, at, ...place } = await told<SnapshotAgentSpec>();
const dieAt = (side: SnapshotAgentSpec["at"]) => (number: number) => dieIf(side === at && number === write);

await runAgent(
  {
    ...place,
    writes: { before: dieAt("before"), after: dieAt("after") },
    more: (host) => ({ storages: reflinkStorages({ directory: place.directory, host }) }),
  },
  (world) => backupSnapshot(world, { suspend: true }),
);
