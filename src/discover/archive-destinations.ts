import type { ArchiveDestinationFacts } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { present, readRows } from "./row-reader.ts";

/** Those that are set, in the order of their numbers. Needs NOMOUNT. */
export function readArchiveDestinations(
  db: Database,
  options: CallOptions,
): Promise<ArchiveDestinationFacts[]> {
  return readRows(db, "archive-destinations", options, (row) => ({
    id: row.number("dest_id"),
    status: row.text("status"),
    target: row.text("target"),
    destination: row.optionalText("destination") ?? "",
    binding: row.text("binding"),
    ...present("error", row.optionalText("error")),
  }));
}

/** Where the archiver itself writes on the database host: umbra can read the logs there. */
export function isLocal(destination: ArchiveDestinationFacts): boolean {
  return destination.target === "PRIMARY" || destination.target === "LOCAL";
}
