import type { Instance } from "../../instance/api.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseAutoextend, parseFileReference, parseFileSpecs, parsePaths } from "./file-clauses.ts";
import { require, requireOpen, tablespaceNamed } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Action = (instance: Instance, conId: number) => Promise<void>;

/** ALTER TABLESPACE name …. */
export const alterTablespace: Statement = {
  starts: ["ALTER", "TABLESPACE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2142;
    const name = cursor.name().value;
    // Temp files are no part of the redo: they are added where nothing may be written, PDB$SEED for one.
    const writes = !cursor.isWord("ADD", "TEMPFILE");
    const action = parseAction(cursor, name);
    cursor.end();
    require(world, "ALTER TABLESPACE", "MANAGE TABLESPACE");
    requireOpen(world, writes);
    tablespaceNamed(world, name);
    await action(world.core.instance, world.session.conId);
  },
};

function parseAction(cursor: Parser, name: string): Action {
  if (cursor.accept("BEGIN", "BACKUP"))
    return (instance, conId) => instance.beginBackup({ level: "tablespace", conId, name });
  if (cursor.accept("END", "BACKUP"))
    return (instance, conId) => instance.endBackup({ level: "tablespace", conId, name });
  return parseState(cursor, name) ?? parseFiles(cursor, name);
}

function parseState(cursor: Parser, name: string): Action | undefined {
  const access = cursor.accept("READ") ? cursor.acceptOne("ONLY", "WRITE") : undefined;
  if (access !== undefined) return (instance, conId) => instance.setTablespace(conId, name, `READ ${access}`);
  if (cursor.accept("ONLINE")) return (instance, conId) => instance.setTablespace(conId, name, "ONLINE");
  if (!cursor.accept("OFFLINE")) return undefined;
  const how = cursor.acceptOne("NORMAL", "TEMPORARY", "IMMEDIATE") ?? "NORMAL";
  return (instance, conId) => instance.setTablespace(conId, name, `OFFLINE ${how}`);
}

function parseFiles(cursor: Parser, name: string): Action {
  const verb = cursor.acceptOne("ADD", "DROP", "RENAME", "AUTOEXTEND", "RESIZE");
  if (verb === undefined) throw cursor.unexpected();
  if (verb === "RENAME") return parseRename(cursor);
  if (verb === "AUTOEXTEND" || verb === "RESIZE") return parseBigfile(cursor, name, verb);
  const kind = cursor.acceptOne("DATAFILE", "TEMPFILE");
  if (kind === undefined) throw cursor.unexpected();
  if (verb === "ADD") {
    const files = parseFileSpecs(cursor);
    return async (instance, conId) => {
      for (const file of files) await instance.addFile(conId, name, file, kind);
    };
  }
  const file = parseFileReference(cursor);
  return (instance, conId) => instance.dropFile(conId, name, file, kind);
}

function parseRename(cursor: Parser): Action {
  cursor.expect("DATAFILE");
  const from = parsePaths(cursor);
  cursor.expect("TO");
  const to = parsePaths(cursor);
  if (from.length !== to.length) throw cursor.unexpected();
  return async (instance) => {
    for (const [index, path] of from.entries()) await instance.renameFile(path, to[index] ?? path);
  };
}

/** RESIZE and AUTOEXTEND of the one file of a bigfile tablespace. */
function parseBigfile(cursor: Parser, name: string, verb: "AUTOEXTEND" | "RESIZE"): Action {
  if (verb === "AUTOEXTEND") cursor.index -= 1;
  const setting = verb === "AUTOEXTEND" ? parseAutoextend(cursor) : null;
  const bytes = verb === "RESIZE" ? cursor.bytes() : 0;
  return async (instance, conId) => {
    const control = instance.controlFile;
    const tablespace = control?.tablespaces.find(
      (candidate) => candidate.conId === conId && candidate.name === name,
    );
    const file = control?.datafiles.find(
      (candidate) => candidate.conId === conId && candidate.ts === tablespace?.ts,
    );
    if (file === undefined || tablespace?.bigfile !== true) throw cursor.unexpected();
    await (verb === "RESIZE"
      ? instance.resizeFile({ number: file.file }, bytes)
      : instance.autoextendFile({ number: file.file }, setting));
  };
}
