import type { Obligation, StartupObligation } from "../domain/obligation.ts";
import type { ResumeObligation } from "../domain/snapshot-obligation.ts";

/** `PROD1: startup`, `PROD1: end backup of USERS`: what umbra must still do, in a line for people. */
export function describeObligation(obligation: Obligation | StartupObligation | ResumeObligation): string {
  const { database } = obligation;
  if ("instances" in obligation) return `${database}: resume`;
  if ("saved" in obligation) return `${database}: startup`;
  const { scope } = obligation;
  return `${database}: end backup of ${scope.level === "tablespace" ? scope.tablespace : "the database"}`;
}
