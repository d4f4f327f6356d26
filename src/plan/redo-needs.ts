import type { ArchiveLook, LedgerLog } from "../domain/archive.ts";
import type { LogDeletionInput, RedoNeed } from "../domain/log-deletion.ts";

/**
 * What the database itself tells of who needs redo besides backups (rule 97): its standbys. A standby that never said that
 * it applied a log needs all of them; a database that is a standby may need what lies in its own area.
 */
export function needsOfStandbys(look: ArchiveLook): Pick<LogDeletionInput, "needs" | "unknown"> {
  const far = look.destinations.filter((one) => one.target === "STANDBY" || one.target === "REMOTE");
  const needs = far.map((one): RedoNeed => {
    const rows = look.ledger.filter(
      (row) => row.standby && row.destination === one.id && row.resetlogsId === look.resetlogsId,
    );
    const name = one.destination === "" ? `of destination ${one.id}` : one.destination;
    return { kind: "standby", name, incarnation: look.resetlogsId, applied: appliedOf(rows) };
  });
  const isStandby = look.role.endsWith("STANDBY");
  return { needs, unknown: isStandby ? [`the redo apply of this ${look.role}`] : [] };
}

/** Of each thread the last sequence up to which everything is applied. What is only in memory there is not. */
function appliedOf(rows: readonly LedgerLog[]): Readonly<Record<number, number>> {
  const byThread = Map.groupBy(rows, (row) => row.thread);
  const applied = [...byThread].flatMap(([thread, all]): [number, number][] => {
    const sequences = [...new Set(all.map((row) => row.sequence))].toSorted((a, b) => a - b);
    const isDone = (sequence: number) =>
      all.some((row) => row.sequence === sequence && row.applied === "YES");
    const first = sequences.findIndex((sequence) => !isDone(sequence));
    const last = first === -1 ? sequences.at(-1) : sequences[first - 1];
    return last === undefined ? [] : [[thread, last]];
  });
  return Object.fromEntries(applied);
}
