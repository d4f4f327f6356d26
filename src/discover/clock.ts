import type { ClockFacts } from "../domain/facts.ts";
import { parseUtc } from "../domain/instant.ts";
import type { Clock } from "../ports/clock.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRow } from "./row-reader.ts";

/** The database host's clock against the agent's: the answer is taken to be from the middle of the call. */
export async function readClock(db: Database, clock: Clock, options: CallOptions): Promise<ClockFacts> {
  const before = clock.now();
  const started = clock.monotonicMs();
  const { databaseUtc, offset } = await readRow(db, "clock", options, (row) => ({
    databaseUtc: parseUtc(row.text("utc")) ?? row.fail("utc", "a time in UTC"),
    offset: row.text("utc_offset"),
  }));
  const half = (clock.monotonicMs() - started) / 2;
  return {
    databaseUtc,
    offset,
    skewMs: Math.round(databaseUtc - (before + half)),
    uncertaintyMs: Math.ceil(half),
  };
}
