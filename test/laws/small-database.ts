import type { Chance } from "../../simulator/workload/chance.ts";
import { type Instant, instant } from "../../src/domain/instant.ts";
import type { SimulatedWorldOptions } from "../rigs/simulated-world.ts";

interface Law {
  readonly seed: number;
  readonly chance: Chance;
  /** So far its clock and umbra's are ahead. */
  readonly time: { readonly ms: number };
}

/** A database with small logs, of which a trial can afford many rounds, and the clock that it shares with umbra. */
export function smallDatabase({ seed, chance, time }: Law): {
  readonly now: () => Instant;
  readonly database: NonNullable<SimulatedWorldOptions["database"]>;
} {
  const now = () => instant(Date.now() + time.ms);
  const database = {
    totalBytes: 1_000_000,
    logBytes: 131_072,
    seed: String(seed),
    random: () => chance.next(),
    now: () => new Date(now()),
  };
  return { now, database };
}
