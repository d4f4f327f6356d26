import type { UmbraEvent } from "../../domain/events.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { Reporter } from "../../ports/reporter.ts";

/** Version of the lines' shape. Grows when a field goes or changes its meaning, not when one is added. */
const EVENT_SCHEMA = 1;

/** One event, one line of JSON: `schema`, `kind`, `at` as RFC 3339 in UTC, then the event's own fields. */
export function createNdjsonReporter(write: (text: string) => void): Reporter {
  return { event: (event) => write(`${JSON.stringify(eventObject(event))}\n`) };
}

function eventObject(event: UmbraEvent): object {
  const { kind, at, ...fields } = event;
  return { schema: EVENT_SCHEMA, kind, at: formatUtc(at), ...fields, ...wholeMs(event) };
}

/** The clock gives fractions of a millisecond, which mean nothing to a reader. */
function wholeMs(event: UmbraEvent): { readonly ms?: number } {
  return "ms" in event ? { ms: Math.round(event.ms) } : {};
}
