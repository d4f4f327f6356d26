import { stringify } from "yaml";

/** As YAML writes the text on one line. */
export function scalar(text: string): string {
  return stringify(text, {
    lineWidth: 0,
    defaultStringType: /[\n\r]/u.test(text) ? "QUOTE_DOUBLE" : "PLAIN",
  }).trimEnd();
}
