import type {
  ArchiveDestinationState,
  ArchiveLook,
  DestinationSlot,
  LogDestination,
} from "../domain/archive.ts";
import type { LogsConfig } from "../domain/fleet.ts";
import { counted, formatBytes, formatDuration } from "../domain/human.ts";
import { formatUtc } from "../domain/instant.ts";
import type { FilePath } from "../domain/names.ts";
import type { Warning } from "../domain/refusal.ts";
import {
  destinationId,
  destinationName,
  minimumSucceed,
  otherValid,
  valuesOf,
} from "./archive-parameters.ts";
import { heldBack, isBehind, nearlyStuck } from "./archiver-work.ts";

/** How the log directory answered on the database's host. */
export type DirectoryAnswer =
  | { readonly kind: "ok"; readonly freeBytes: number; readonly names: readonly string[] }
  | { readonly kind: "hangs" | "fails"; readonly seen: string };

export interface GuardInput {
  readonly look: ArchiveLook;
  readonly slot: DestinationSlot | undefined;
  readonly noted: LogDestination | undefined;
  readonly directory: FilePath;
  readonly answer: DirectoryAnswer;
  readonly config: LogsConfig;
}

/** `danger`: the database itself may stop. */
export interface GuardFinding extends Warning {
  readonly level: "warning" | "danger";
}

export type GuardAction =
  | { readonly kind: "none" }
  | { readonly kind: "defer"; readonly number: number; readonly why: string }
  /** Brings what is missing, enables the destination again (unless it is), and settles what is owed. */
  | { readonly kind: "restore"; readonly number: number; readonly enabled: boolean };

export interface GuardPlan {
  readonly findings: readonly GuardFinding[];
  readonly action: GuardAction;
}

/** Enabled again only with so much more room than the limit: else it would be deferred with the next log. */
const ROOM_AGAIN = 1.2;

/**
 * How umbra's destination does, and what is to be done about it. Production comes first: a destination that hangs, fails or
 * is full is deferred where the policy says so. Never one that is MANDATORY or not umbra's, and never the last that works.
 */
export function planGuard(input: GuardInput): GuardPlan {
  const { slot, noted, look } = input;
  const findings = [...stuckFindings(input)];
  const own = look.destinations.find((one) => slot !== undefined && one.id === destinationId(slot));
  if (slot === undefined || own === undefined) {
    findings.push(
      warning(`no archive destination points to ${input.directory} any more`, "run `umbra logs setup` again"),
    );
    return { findings, action: { kind: "none" } };
  }
  if (own.status === "DEFERRED") return whileDeferred(input, slot, findings);
  const trouble = troubleOf(input, own);
  if (trouble === undefined) {
    findings.push(...lateFindings(input, own));
    const owed = noted?.deferred !== undefined && slot.form === "numbered";
    const action: GuardAction = owed
      ? { kind: "restore", number: slot.number, enabled: true }
      : { kind: "none" };
    return { findings, action };
  }
  findings.push(warning(`${destinationName(slot)}: ${trouble}`, "look at the storage of the backup area"));
  if (input.config.guard !== "defer") return { findings, action: { kind: "none" } };
  const why = whyNotDefer(look, slot, own);
  if (why === undefined && slot.form === "numbered") {
    return { findings, action: { kind: "defer", number: slot.number, why: trouble } };
  }
  findings.push(warning(`it was not deferred: ${why ?? ""}`, "act on the storage, or by hand"));
  return { findings, action: { kind: "none" } };
}

function whileDeferred(input: GuardInput, slot: DestinationSlot, findings: GuardFinding[]): GuardPlan {
  const { noted, answer, config } = input;
  const deferred = noted?.deferred;
  const none = { kind: "none" } as const;
  if (deferred === undefined || slot.form === "duplex") {
    const todo = "whoever deferred it has to enable it; umbra enables only what it deferred itself";
    findings.push(warning(`${destinationName(slot)} was deferred by somebody else`, todo));
    return { findings, action: none };
  }
  const since = `deferred by umbra since ${formatUtc(deferred.at)} (${deferred.why})`;
  if (answer.kind !== "ok") {
    findings.push(warning(`${since}; ${answer.seen}`, "repair the storage; it is enabled again by itself"));
    return { findings, action: none };
  }
  if (answer.freeBytes < config.freeBytes * ROOM_AGAIN) {
    const todo = "free space; it is enabled again by itself";
    findings.push(warning(`${since}; ${formatBytes(answer.freeBytes)} are free`, todo));
    return { findings, action: none };
  }
  return { findings, action: { kind: "restore", number: slot.number, enabled: false } };
}

/** Why it endangers production or history now; undefined where it does not. */
function troubleOf(input: GuardInput, own: ArchiveDestinationState): string | undefined {
  const { answer, config, look } = input;
  if (answer.kind !== "ok") return answer.seen;
  if (own.status !== "VALID")
    return `v$archive_dest says ${own.status}${own.error === undefined ? "" : `: ${own.error}`}`;
  if (answer.freeBytes < config.freeBytes) {
    return `only ${formatBytes(answer.freeBytes)} are free, and ${formatBytes(config.freeBytes)} are wanted`;
  }
  const held = heldBack(look, own.id);
  return held.length === 0
    ? undefined
    : `the archiver waits for it with ${counted(held.length, "log")} that others have`;
}

function whyNotDefer(
  look: ArchiveLook,
  slot: DestinationSlot,
  own: ArchiveDestinationState,
): string | undefined {
  if (slot.form === "duplex") return "LOG_ARCHIVE_DUPLEX_DEST has no state that could be set";
  if (own.binding === "MANDATORY") return "somebody made it MANDATORY, so it is theirs to decide";
  const others = otherValid(look, slot).length;
  const wanted = minimumSucceed(look);
  return others >= wanted ? undefined : `${others} other local destinations work, and ${wanted} must`;
}

/** Rule 99. */
function stuckFindings({ look }: GuardInput): readonly GuardFinding[] {
  return nearlyStuck(look).map(({ thread, waiting, groups }) => ({
    level: "danger" as const,
    rule: 99,
    seen: `thread ${thread}: ${waiting} of ${groups} online logs wait for the archiver; soon the database stops (ORA-00257)`,
    todo: "free space at the destinations that must have each log, or look why they hang",
  }));
}

/** Rule 98. */
function lateFindings(
  { look, config, answer }: GuardInput,
  own: ArchiveDestinationState,
): readonly GuardFinding[] {
  const findings: GuardFinding[] = [];
  const names = answer.kind === "ok" ? answer.names : [];
  const behind = isBehind(look, own.id, names, config.lagMs);
  if (behind.length > 0) {
    const seen = `${counted(behind.length, "log")} that others have for longer than ${formatDuration(config.lagMs)} did not come`;
    findings.push(warning(seen, "run `umbra logs backfill`"));
  }
  const target = Number(valuesOf(look, "archive_lag_target", "running")[0] ?? 0);
  const youngest = look.ledger
    .filter((row) => !row.standby)
    .reduce((least, row) => Math.min(least, row.ageSeconds), Infinity);
  if (target > 0 && Number.isFinite(youngest) && youngest > 2 * target) {
    const seen = `the newest archived log is ${formatDuration(youngest * 1000)} old; ARCHIVE_LAG_TARGET is ${target} s`;
    findings.push(warning(seen, "look at v$archive_dest and at the archiver"));
  }
  return findings;
}

function warning(seen: string, todo: string): GuardFinding {
  return { level: "warning", rule: 98, seen, todo };
}
