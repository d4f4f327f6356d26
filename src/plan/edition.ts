import type { Facts } from "../domain/facts.ts";

/** v$instance.edition: `EE`; cloud editions `HP` and `XP` are Enterprise ones with more options. */
const ENTERPRISE = new Set(["EE", "HP", "XP"]);

/** Parallel channels, block change tracking and SNAPSHOT TIME are Enterprise Edition's alone. */
export function isEnterprise({ instances }: Pick<Facts, "instances">): boolean {
  return ENTERPRISE.has(instances[0]?.edition ?? "");
}
