import { exitClass } from "../errors/exit-classes.ts";

/** What a stopped command may well fail of because it was stopped. Everything else is told as it is. */
const MAY_COME_OF_STOPPING: ReadonlySet<number> = new Set([
  exitClass.partial,
  exitClass.database,
  exitClass.storage,
  exitClass.host,
]);

/** The exit status after a signal: production at risk, damage and work left open are told by their own, whoever stopped. */
export function statusAfterStop(exit: number): number {
  return MAY_COME_OF_STOPPING.has(exit) ? exitClass.interrupted : exit;
}
