import { backupHot } from "../../src/run/backup-hot.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

/** When to die: around the n-th durable write, or when a copy has written so many bytes. */
export type Death =
  | { readonly at: "before-write" | "after-write"; readonly write: number }
  | { readonly at: "copy"; readonly copy: number };

export interface AgentSpec extends AgentPlace {
  readonly death: Death;
}

/** Takes one hot backup. */
const { death, ...place } = await told<AgentSpec>();
const dieAt = (at: Death["at"]) => (write: number) =>
  dieIf(death.at === at && "write" in death && death.write === write);

await runAgent(
  {
    ...place,
    writes: { before: dieAt("before-write"), after: dieAt("after-write") },
    inCopy: (copy) => dieIf(death.at === "copy" && death.copy === copy),
  },
  (world) => backupHot(world, {}),
);
