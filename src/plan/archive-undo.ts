import type { ArchiveFacts, LogDestination, ParameterChange } from "../domain/archive.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Planned, Warning } from "../domain/refusal.ts";
import { destinationName, liveLogs, otherValid, ownSlot, valuesOf } from "./archive-parameters.ts";
import { type LogSetupPlan, type LogSetupStep, refuseIdentity } from "./archive-setup.ts";

/**
 * Takes away what umbra set and nothing else: what the state noted, or, where the state was lost, what points into the area.
 * A parameter that somebody else changed since is left alone.
 */
export function planLogUndo(
  facts: ArchiveFacts,
  config: DatabaseConfig,
  noted: LogDestination | undefined,
): Planned<LogSetupPlan> {
  const directory = liveLogs(config.backupArea);
  const slot = ownSlot(facts, directory) ?? noted?.slot;
  const identity = refuseIdentity(facts, config).filter((one) => one.code === "UMB-3101");
  if (identity.length > 0) return { ok: false, refusals: identity };
  if (slot === undefined)
    return { ok: true, plan: { directory, slot: NOTHING, changes: [], steps: [] }, warnings: [] };
  if (otherValid(facts, slot).length === 0) {
    const seen = "without umbra's there would be no local archive destination that works";
    return {
      ok: false,
      refusals: [{ code: "UMB-3146", rule: 99, seen, todo: "give the database another one first" }],
    };
  }
  const known = noted !== undefined && noted.changes.length > 0;
  const set = known ? noted.changes : [{ name: destinationName(slot), value: "", previous: "" }];
  const warnings: Warning[] = [];
  const changes = set.toReversed().flatMap((one) => undone(one, facts, known ? noted : undefined, warnings));
  const steps: readonly LogSetupStep[] = [
    ...changes.map((change) => ({ kind: "set-parameter" as const, change })),
    ...(changes.length > 0 ? [{ kind: "confirm" as const, changes }] : []),
  ];
  return { ok: true, plan: { directory, slot, changes, steps }, warnings };
}

const NOTHING = { form: "duplex" } as const;

function undone(
  change: ParameterChange,
  facts: ArchiveFacts,
  noted: LogDestination | undefined,
  warnings: Warning[],
): readonly ParameterChange[] {
  const { name, value, previous } = change;
  const isState = name.includes("_state_");
  const now = valuesOf(facts, name, "running")[0] ?? "";
  // A state that umbra itself deferred is umbra's to change too.
  const ours =
    noted === undefined || now === value || (isState && (same(now, value) || noted.deferred !== undefined));
  if (!ours && now !== previous) {
    warnings.push({ seen: `${name} is ${now} now, which umbra did not set`, todo: "it was left as it is" });
    return [];
  }
  const wanted = isState && previous === "" ? "ENABLE" : previous;
  return now === wanted || (isState && same(now, wanted)) ? [] : [{ name, value: wanted, previous: now }];
}

function same(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}
