import { setTimeout as sleep } from "node:timers/promises";
import { OraError } from "../engine/ora-error.ts";
import type { Faults, InstanceStep } from "./hooks.ts";

/**
 * What shall go wrong with STARTUP and SHUTDOWN. Plain data, so that it also travels to a simulator in a process of its
 * own. `fail` counts down `times` (for good where it is left out); `hang` and `slow` stay until they are lifted.
 */
export type PlannedFault =
  | {
      readonly kind: "fail";
      readonly at: Exclude<InstanceStep, "rollback">;
      /** Number of the ORA- code: 27102, 205, 1157… */
      readonly code: number;
      /** Text behind the code, with further lines of the stack; a usual one unless told. */
      readonly text?: string;
      readonly times?: number;
    }
  | { readonly kind: "hang"; readonly at: InstanceStep }
  | { readonly kind: "slow"; readonly at: "rollback"; readonly recordsPerSecond: number };

/** Faults that a test plants while the instance lives, behind the hooks of `createInstance`. */
export interface InstanceFaults extends Required<Pick<Faults, "reaching" | "rollingBack">> {
  plant(fault: PlannedFault): void;
  /** Takes back all faults at a step, or everywhere; what hangs goes on. */
  lift(at?: InstanceStep): void;
  /** Steps at which something hangs now: tests wait for it instead of sleeping. */
  readonly hanging: readonly InstanceStep[];
}

/** First line and the rest of the stack, as a real instance words them. */
const TEXTS: Readonly<Record<number, string>> = {
  205: "error in identifying control file, check alert log for more info",
  313: "open failed for members of log group 1 of thread 1",
  1102: "cannot mount database in EXCLUSIVE mode",
  1157: "cannot identify/lock data file 1 - see DBWR trace file",
  1113: "file 1 needs media recovery",
  10_997: "another startup/shutdown operation of this instance inprogress",
  27_102: "out of memory\nLinux-x86_64 Error: 12: Cannot allocate memory",
  27_125: "unable to create shared memory segment\nLinux-x86_64 Error: 28: No space left on device",
};

export function instanceFaults(): InstanceFaults {
  let planted: { fault: PlannedFault; left: number }[] = [];
  const waiting = new Map<InstanceStep, PromiseWithResolvers<void>>();
  const find = (at: InstanceStep, kind: PlannedFault["kind"]) =>
    planted.find(({ fault, left }) => fault.at === at && fault.kind === kind && left > 0);
  const hang = async (at: InstanceStep): Promise<void> => {
    if (find(at, "hang") === undefined) return;
    const gate = waiting.get(at) ?? Promise.withResolvers<void>();
    waiting.set(at, gate);
    await gate.promise;
  };
  return {
    plant: (fault) =>
      void planted.push({ fault, left: fault.kind === "fail" ? (fault.times ?? Infinity) : Infinity }),
    lift: (at) => {
      planted = planted.filter(({ fault }) => at !== undefined && fault.at !== at);
      for (const [step, gate] of waiting) {
        if (at !== undefined && step !== at) continue;
        waiting.delete(step);
        gate.resolve();
      }
    },
    get hanging() {
      return [...waiting.keys()];
    },
    reaching: async (at) => {
      await hang(at);
      const found = find(at, "fail");
      if (found?.fault.kind !== "fail") return;
      found.left -= 1;
      const { code, text } = found.fault;
      const [first = "", ...below] = (text ?? TEXTS[code] ?? "internal error code").split("\n");
      throw new OraError(code, first, { below });
    },
    rollingBack: async () => {
      await hang("rollback");
      const slow = find("rollback", "slow")?.fault;
      if (slow?.kind === "slow") await sleep(1000 / slow.recordsPerSecond);
    },
  };
}
