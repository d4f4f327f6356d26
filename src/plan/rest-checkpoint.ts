import type { DatafileFacts } from "../domain/facts.ts";
import type { Scn } from "../domain/scn.ts";

/** The checkpoint of a file at rest. v$datafile_header shows none of files that are OFFLINE NORMAL. */
export function restCheckpoint({ header, checkpointScn }: DatafileFacts): Scn {
  return header === undefined || header.error !== undefined ? checkpointScn : header.checkpointScn;
}
