import type { InstanceFailure } from "../../errors/entries/database.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { excerpt, oraCodes } from "./oracle-messages.ts";

/** What a tool was asked to do. */
export interface Errand {
  readonly program: InstanceFailure["program"];
  /** For people: `shutdown immediate`. */
  readonly action: string;
  /** False for a look: then an answer that was lost is no unknown outcome. */
  readonly changes: boolean;
}

type Code =
  | "UMB-5301"
  | "UMB-5302"
  | "UMB-5303"
  | "UMB-5304"
  | "UMB-5306"
  | "UMB-5307"
  | "UMB-5308"
  | "UMB-5309";

export function instanceError(
  code: Code,
  errand: Errand,
  said: { readonly text: string; readonly ora?: number | null; readonly cause?: unknown },
): UmbraError {
  const { program, action, changes } = errand;
  const unsure = code === "UMB-5303" || code === "UMB-5304";
  const context = {
    program,
    action,
    ora: said.ora ?? null,
    message: excerpt(said.text),
    lost: unsure && changes,
  };
  return new UmbraError(code, context, said.cause === undefined ? {} : { cause: said.cause });
}

/** After these nobody can say what became of the instance: the tool's own server process died, or another one is at work. */
const UNSURE = new Set([603, 3113, 3114, 3135, 10_997, 12_547, 27_146]);
/** Not in the groups of the operating system that stand for SYSDBA and the like. */
const NOT_ALLOWED = new Set([1017, 1031]);

/**
 * Told on the way to something else: not open and not mounted by SHUTDOWN, obsolete parameters by STARTUP. They are the
 * reason only where nothing else is.
 */
const IN_PASSING = new Set([1109, 1507, 32_004, 32_006]);

/** The error for the first ORA- code that counts; undefined where the output holds none. */
export function refusal(errand: Errand, text: string): UmbraError | undefined {
  const codes = oraCodes(text);
  const ora = codes.find((code) => !IN_PASSING.has(code)) ?? codes[0];
  if (ora === undefined) return undefined;
  if (ora === 1149) return instanceError("UMB-5302", errand, { text, ora });
  if (NOT_ALLOWED.has(ora)) return instanceError("UMB-5307", errand, { text, ora });
  if (UNSURE.has(ora) && errand.changes) return instanceError("UMB-5303", errand, { text, ora });
  return instanceError("UMB-5301", errand, { text, ora });
}
