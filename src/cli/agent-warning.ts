import { jsonText } from "./json-text.ts";
import { type OutputFormat, RESULT_SCHEMA } from "./result.ts";

/** The configured name of this installation is not the one under which it began; for standard error. */
export function agentWarning(first: string, now: string, format: OutputFormat): string {
  const seen = `this umbra began as ${first}, and is called ${now} in the configuration: snapshots of ${first} are not its own`;
  const todo = `write \`agent: ${first}\` to keep them, or let them go by hand`;
  if (format === "table") return `umbra: warning: ${seen}\n  to do: ${todo}\n`;
  return `${jsonText({ schema: RESULT_SCHEMA, kind: "warning", warning: { seen, todo } })}\n`;
}
