import { applyRetention } from "../../src/run/retention-apply.ts";
import { dyingWorld } from "../fakes/dying-world.ts";
import { RETENTION } from "../rigs/kept-backups.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

export interface RetentionAgentSpec extends AgentPlace {
  /** The n-th durable write or deletion, and on which side of it. */
  readonly effect: number;
  readonly at: "before" | "after";
}

/** Of these two days one stays, and the other goes at once. */
export const ONE_DAY = {
  ...RETENTION,
  graceMs: 0,
  policy: { ...RETENTION.policy, keep: { daily: 1 } },
} as const;

if (import.meta.main) {
  const { effect, at, ...place } = await told<RetentionAgentSpec>();
  await runAgent({ ...place, config: { retention: ONE_DAY }, writes: {} }, (world) => {
    const dying = dyingWorld(world, { at: effect, when: at, die: () => void dieIf(true) });
    return applyRetention(dying.world, { byPolicy: true });
  });
}
