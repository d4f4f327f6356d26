import type { RmanCopy, RmanLevelOne } from "../domain/rman.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** Image copies under a tag, by file. Needs MOUNT. */
export function readRmanCopies(db: Database, tag: string, options: CallOptions): Promise<RmanCopy[]> {
  return readRows(
    db,
    "image-copies",
    options,
    (row) => {
      const level = row.optionalText("copy_level");
      return {
        recid: row.number("recid"),
        file: row.number("file_no"),
        path: row.path("name"),
        creationScn: row.scn("creation_scn"),
        resetlogsScn: row.scn("resetlogs_scn"),
        checkpointScn: row.scn("checkpoint_scn"),
        absoluteFuzzyScn: row.scn("absolute_fuzzy_scn"),
        level: level === undefined ? undefined : Number(level),
        status: row.text("status"),
        corruptBlocks: row.number("corrupt_blocks"),
        blocks: row.number("blocks"),
      };
    },
    { tag },
  );
}

/** Level 1 pieces under a tag, by set. Needs MOUNT. */
export function readLevelOnes(db: Database, tag: string, options: CallOptions): Promise<RmanLevelOne[]> {
  return readRows(
    db,
    "level-one-sets",
    options,
    (row) => ({ key: row.number("set_key"), handle: row.path("handle"), bytes: row.number("bytes") }),
    { tag },
  );
}

/** Channels of umbra's scripts that are at work, on any instance, for people. Needs NOMOUNT. */
export function readRmanChannels(db: Database, options: CallOptions): Promise<string[]> {
  return readRows(db, "rman-channels", options, (row) => {
    return `${row.text("client_info")} (instance ${row.number("inst_id")}, session ${row.number("sid")})`;
  });
}
