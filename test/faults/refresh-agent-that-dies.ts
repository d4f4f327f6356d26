import { backupRefresh } from "../../src/run/backup-refresh.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

/** When to die: after the n-th durable write, or when a copy under refresh has been half rewritten. */
export interface RefreshAgentSpec extends AgentPlace {
  readonly death:
    | { readonly at: "after-write"; readonly write: number }
    | { readonly at: "chunk"; readonly chunk: number };
}

/** Brings the live area forward. */
const { death, ...place } = await told<RefreshAgentSpec>();

await runAgent(
  {
    ...place,
    writes: { after: (write) => dieIf(death.at === "after-write" && death.write === write) },
    inRefresh: (chunk) => dieIf(death.at === "chunk" && death.chunk === chunk),
  },
  (world) => backupRefresh(world),
);
