import { createNdjsonReporter } from "../adapters/reporters/ndjson.ts";
import { paintFor } from "../adapters/reporters/paint.ts";
import { silentReporter } from "../adapters/reporters/silent.ts";
import { createTerminalReporter } from "../adapters/reporters/terminal.ts";
import type { WorldOptions } from "../cli/surroundings.ts";
import type { Reporter } from "../ports/reporter.ts";

/** Progress is a message, so it goes to standard error; only NDJSON makes it data. */
export function reporterFor(process: NodeJS.Process, options: WorldOptions): Reporter {
  if (options.output === "json") return silentReporter;
  if (options.output === "ndjson") return createNdjsonReporter((text) => process.stdout.write(text));
  const { stderr } = process;
  return createTerminalReporter({
    write: (text) => stderr.write(text),
    paint: paintFor(options.colour && stderr.isTTY && !process.env["NO_COLOR"]),
    columns: () => (stderr.isTTY ? stderr.columns : undefined),
  });
}
