import type { Refusal } from "../domain/refusal.ts";
import { jsonText } from "./json-text.ts";

export type OutputFormat = "table" | "json" | "ndjson";
export const OUTPUT_FORMATS: readonly OutputFormat[] = ["table", "json", "ndjson"];

/** Version of the objects that `--output json` prints. Grows when a field goes or changes its meaning. */
export const RESULT_SCHEMA = 1;

/** What a command found out. A refusal is one of the results; failures are exceptions. */
export type CommandResult =
  | {
      readonly ok: true;
      /** Names the shape of `data`. */
      readonly kind: string;
      readonly data: object;
      /** For people. Without a newline at the end. */
      readonly text: string;
      /** Exit status where it is not 0. */
      readonly exit?: number;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** The text of a good result for standard output. */
export function resultText(result: Extract<CommandResult, { ok: true }>, format: OutputFormat): string {
  if (format === "table") return result.text === "" ? "" : `${result.text}\n`;
  const object = { schema: RESULT_SCHEMA, kind: result.kind, ...result.data };
  return `${jsonText(object, format === "json" ? 2 : undefined)}\n`;
}
