import type { RmanFailureClass } from "../../domain/rman.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { RmanProblem } from "../../ports/rman.ts";

const MOST_CHARACTERS = 1_500;

const CODES = {
  refuse: "UMB-5501",
  corruption: "UMB-5504",
  space: "UMB-5505",
  environment: "UMB-5506",
  retry: "UMB-5507",
} as const satisfies Record<RmanFailureClass, string>;

/** What an error stack comes to. A lost server process is an unknown outcome, whatever it was at. */
export function problemError(action: string, changes: boolean, problem: RmanProblem): UmbraError {
  const context = {
    action,
    message: problem.text.slice(0, MOST_CHARACTERS),
    codes: problem.codes,
    cause: problem.cause,
    lost: problem.lost && changes,
  };
  return new UmbraError(context.lost ? "UMB-5502" : CODES[problem.class], context);
}

/** UMB-5502: nobody can say what became of the script. */
export function lostError(action: string, text: string, cause?: unknown): UmbraError {
  return plainError("UMB-5502", { action, text, lost: true }, cause);
}

export function plainError(
  code: "UMB-5502" | "UMB-5503" | "UMB-5506",
  said: { readonly action: string; readonly text: string; readonly lost: boolean },
  cause?: unknown,
): UmbraError {
  const { action, text, lost } = said;
  const message = text.trim().slice(-MOST_CHARACTERS);
  const context = { action, message: message === "" ? "no output" : message, codes: [], cause: "", lost };
  return new UmbraError(code, context, cause === undefined ? {} : { cause });
}
