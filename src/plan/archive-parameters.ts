import type { ArchiveDestinationState, ArchiveFacts, DestinationSlot } from "../domain/archive.ts";
import type { LogsConfig } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import { areaLayout } from "./area-layout.ts";
import { quotedText } from "./sql-text.ts";

/** LOG_ARCHIVE_DEST_11 and higher take no LOCATION (rule 92). */
const NUMBERS = Array.from({ length: 10 }, (_, index) => 10 - index);

/** Logs of the live backup area: the archiver writes here. */
export function liveLogs(area: FilePath): FilePath {
  return areaLayout(area).logs;
}

/** LOCATION comes first, never MANDATORY, no MAX_FAILURE, and in every role (rules 91, 92). */
export function destinationValue(directory: FilePath, { reopenMs }: Pick<LogsConfig, "reopenMs">): string {
  const reopen = Math.max(1, Math.round(reopenMs / 1000));
  return `LOCATION=${directory} OPTIONAL REOPEN=${reopen} VALID_FOR=(ALL_LOGFILES,ALL_ROLES)`;
}

export function destinationName(slot: DestinationSlot): string {
  return slot.form === "duplex" ? "log_archive_duplex_dest" : `log_archive_dest_${slot.number}`;
}

export function stateName(number: number): string {
  return `log_archive_dest_state_${number}`;
}

export function setParameterSql(name: string, value: string): string {
  return `alter system set ${name}=${quotedText(value)} scope=both sid='*'`;
}

/** v$archive_dest shows the old form as its first two. */
export function destinationId(slot: DestinationSlot): number {
  return slot.form === "duplex" ? 2 : slot.number;
}

/** Values that instances, or the server parameter file, have for a parameter; none where it is not set. */
export function valuesOf(facts: ArchiveFacts, name: string, where?: "running" | "stored"): readonly string[] {
  return facts.parameters
    .filter((one) => one.name === name && (where === undefined || one.stored === (where === "stored")))
    .map((one) => one.value.trim())
    .filter((value) => value !== "");
}

/** True where every instance has it so, and the next start will. */
export function isSetTo(facts: ArchiveFacts, name: string, value: string): boolean {
  const same = (one: string) => one.toUpperCase() === value.toUpperCase();
  const exactly = name.includes("_state_") ? same : (one: string) => one === value;
  const running = valuesOf(facts, name, "running");
  const stored = valuesOf(facts, name, "stored");
  if (value === "") return running.length + stored.length === 0;
  // ENABLE is what a state is that nobody set.
  const isDefault = name.includes("_state_") && same("ENABLE");
  return (
    running.length > 0 && running.every(exactly) && (isDefault || stored.length > 0) && stored.every(exactly)
  );
}

/** umbra's own destination: whoever set it, its path says whose it is. */
export function ownSlot(facts: ArchiveFacts, directory: FilePath): DestinationSlot | undefined {
  const points = (name: string) =>
    valuesOf(facts, name).some((value) => samePlace(placeIn(value), directory));
  const number = NUMBERS.find((one) => points(`log_archive_dest_${one}`));
  if (number !== undefined) return { form: "numbered", number };
  return points("log_archive_duplex_dest") ? { form: "duplex" } : undefined;
}

/**
 * A slot that nobody uses, not even without having set it. From the highest down: standbys and habits take the low ones.
 */
export function freeSlot(facts: ArchiveFacts): DestinationSlot | undefined {
  if (usesOldForm(facts)) {
    return valuesOf(facts, "log_archive_duplex_dest").length === 0 ? { form: "duplex" } : undefined;
  }
  const number = NUMBERS.find(
    (one) =>
      valuesOf(facts, `log_archive_dest_${one}`).length === 0 &&
      facts.destinations.every((destination) => destination.id !== one),
  );
  return number === undefined ? undefined : { form: "numbered", number };
}

/** LOG_ARCHIVE_DEST, which cannot be mixed with the numbered ones (rule 93). */
export function usesOldForm(facts: ArchiveFacts): boolean {
  return valuesOf(facts, "log_archive_dest").length > 0;
}

/**
 * A destination that is in use without being set: the recovery area, or a directory of the ORACLE_HOME. It goes as soon as
 * any destination is set, so it has to be set too.
 */
export function implicitDestination(facts: ArchiveFacts): ArchiveDestinationState | undefined {
  const set = NUMBERS.some((one) => valuesOf(facts, `log_archive_dest_${one}`).length > 0);
  if (set || usesOldForm(facts)) return undefined;
  return facts.destinations.find((one) => isLocalDestination(one) && one.id <= NUMBERS.length);
}

function isLocalDestination({ target }: ArchiveDestinationState): boolean {
  return target === "PRIMARY" || target === "LOCAL";
}

/** Working local destinations besides umbra's own. */
export function otherValid(
  facts: ArchiveFacts,
  own: DestinationSlot | undefined,
): readonly ArchiveDestinationState[] {
  const id = own === undefined ? undefined : destinationId(own);
  return facts.destinations.filter(
    (one) => isLocalDestination(one) && one.status === "VALID" && one.id !== id,
  );
}

/** So many destinations must have a log before its redo is written over. */
export function minimumSucceed(facts: ArchiveFacts): number {
  const values = valuesOf(facts, "log_archive_min_succeed_dest", "running").map(Number);
  return Math.max(1, ...values.filter((one) => Number.isSafeInteger(one)));
}

function placeIn(value: string): string {
  const location = /LOCATION\s*=\s*(?:"([^"]*)"|([^\s,]+))/iu.exec(value);
  return location?.[1] ?? location?.[2] ?? value;
}

function samePlace(one: string, other: string): boolean {
  const bare = (path: string) => path.replace(/\/+$/, "");
  return bare(one) === bare(other);
}
