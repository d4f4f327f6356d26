import type { FilePath } from "../../domain/names.ts";
import { oracleCommand } from "../../domain/oracle-command.ts";
import type { FoundDatabase } from "./found.ts";
import type { HostLook } from "./host-look.ts";
import { INSTANCE_SCRIPT, type InstanceAnswer, parseInstanceAnswer } from "./instance-answer.ts";

export interface AskedInstance {
  readonly answer: InstanceAnswer;
  /** undefined where none of them lets this account in. */
  readonly privilege: FoundDatabase["privilege"];
}

/** Wrong password and insufficient privileges: not in the group that stands for the privilege. */
const REFUSED = new Set([1017, 1031, 28_009]);

/**
 * Asks an instance through sqlplus, with the smallest privilege that the account has without a password. An idle one says
 * that it is down; it is not started.
 */
export async function askInstance(
  look: HostLook,
  { home, sid }: { readonly home: FilePath; readonly sid: string },
): Promise<AskedInstance | undefined> {
  let last: InstanceAnswer | undefined;
  for (const privilege of ["sysbackup", "sysdba"] as const) {
    const sqlplus = oracleCommand(home, "sqlplus", { ORACLE_SID: sid });
    const printed = await look.run([...sqlplus, "-S", "-L", `/ as ${privilege}`], INSTANCE_SCRIPT);
    if (printed === undefined) return undefined;
    last = parseInstanceAnswer(printed.text);
    if (last.state !== undefined) return { answer: last, privilege };
    // Before 12.1 there is no SYSBACKUP, and sqlplus prints how it is used.
    if (last.codes.length > 0 && !last.codes.some((code) => REFUSED.has(code))) break;
  }
  return last === undefined ? undefined : { answer: last, privilege: undefined };
}
