import { printable } from "../domain/human.ts";
import type { Refusal } from "../domain/refusal.ts";
import { catalogue, type ErrorCode } from "../errors/catalogue.ts";
import { exitClass } from "../errors/exit-classes.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { jsonText } from "./json-text.ts";
import { type OutputFormat, RESULT_SCHEMA } from "./result.ts";

/** Why a command did not do what was asked, with the exit status it means. */
export interface Failure {
  readonly exit: number;
  readonly reasons: readonly Reason[];
}

interface Reason {
  readonly code: string;
  readonly rule?: number;
  readonly message: string;
  readonly hint: string;
  /** The error's own fields, for programs. */
  readonly details?: object;
}

/** Anything that was thrown. What is not an error of the catalogue is a bug of umbra. */
export function failureOf(error: unknown): Failure {
  if (isUmbraError(error)) {
    const { code, message, hint, context } = error;
    return { exit: error.exit, reasons: [{ code, ...ruleOf(context), message, hint, details: context }] };
  }
  const what =
    error instanceof Error ? (error.stack ?? error.message) : "something that is no error was thrown";
  const bug = catalogue["UMB-1001"];
  return { exit: bug.exit, reasons: [{ code: "UMB-1001", message: bug.text({ what }), hint: bug.hint }] };
}

/** All refusals at once; the first decides the exit class, as the planner puts the gravest first. */
export function failureOfRefusals(refusals: readonly Refusal[]): Failure {
  const first = catalogue[(refusals[0]?.code ?? "") as ErrorCode] as { readonly exit: number } | undefined;
  const reasons = refusals.map((refusal) => ({
    code: refusal.code,
    ...(refusal.rule === undefined ? {} : { rule: refusal.rule }),
    message: refusal.seen,
    hint: refusal.todo,
  }));
  return { exit: first?.exit ?? exitClass.refused, reasons };
}

/** For standard error: text for people, one JSON object for programs. */
export function failureText(failure: Failure, format: OutputFormat): string {
  if (format !== "table") {
    return `${jsonText({ schema: RESULT_SCHEMA, kind: "error", exit: failure.exit, errors: failure.reasons })}\n`;
  }
  return failure.reasons.map(reasonText).join("");
}

function reasonText(reason: Reason): string {
  const rule = reason.rule === undefined ? "" : ` (rule ${reason.rule})`;
  const [first = "", ...rest] = reason.message.split("\n");
  const more = rest.map((line) => `${printable(line)}\n`).join("");
  return `umbra: ${reason.code}${rule}: ${printable(first)}\n${more}  to do: ${printable(reason.hint)}\n`;
}

function ruleOf(context: unknown): { rule?: number } {
  const rule = (context as { rule?: unknown } | undefined)?.rule;
  return typeof rule === "number" ? { rule } : {};
}
