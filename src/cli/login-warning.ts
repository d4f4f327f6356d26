import { printable } from "../domain/human.ts";
import { jsonText } from "./json-text.ts";
import { type OutputFormat, RESULT_SCHEMA } from "./result.ts";

const ADVICE = "set a new password in time, and give umbra's account a profile without expiry";

/** A login that succeeded with a warning, for standard error: ORA-28002, the password expires soon. */
export function loginWarning(database: string, message: string, format: OutputFormat): string {
  if (format === "table") {
    return `umbra: warning: ${database}: ${printable(message.trim())}\n  to do: ${ADVICE}\n`;
  }
  const warning = { seen: message.trim(), todo: ADVICE };
  return `${jsonText({ schema: RESULT_SCHEMA, kind: "warning", database, warning })}\n`;
}
