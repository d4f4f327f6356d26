import type { Obligation, StartupObligation } from "../domain/obligation.ts";

/** `PROD1: startup`, `PROD1: end backup of USERS`: what umbra must still do, in a line for people. */
export function describeObligation(obligation: Obligation | StartupObligation): string {
  const { database } = obligation;
  if ("saved" in obligation) return `${database}: startup`;
  const { scope } = obligation;
  return `${database}: end backup of ${scope.level === "tablespace" ? scope.tablespace : "the database"}`;
}
