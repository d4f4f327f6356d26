import type { FileReference } from "../../instance/api.ts";
import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseAutoextend, parseFileReference, parseFileReferences, parsePaths } from "./file-clauses.ts";
import { requireMounted } from "./rules.ts";
import type { StatementWorld } from "./statement.ts";

type Action = (world: StatementWorld) => Promise<void>;
type FileAction = (world: StatementWorld, file: FileReference) => Promise<void>;

/** DATAFILE, TEMPFILE, RENAME FILE, MOVE DATAFILE and CREATE DATAFILE of ALTER DATABASE. */
export function parseFileClause(cursor: Parser): Action | undefined {
  if (cursor.accept("DATAFILE")) return parseDatafile(cursor);
  if (cursor.accept("TEMPFILE")) return parseTempfile(cursor);
  if (cursor.accept("RENAME", "FILE")) return parseRename(cursor);
  if (cursor.accept("MOVE", "DATAFILE")) return parseMove(cursor);
  if (cursor.accept("CREATE", "DATAFILE")) return parseCreate(cursor);
  return undefined;
}

function parseDatafile(cursor: Parser): Action {
  const files = parseFileReferences(cursor);
  const action = parseFileAction(cursor);
  return eachFile(files, action);
}

function eachFile(files: readonly FileReference[], action: FileAction): Action {
  return async (world) => {
    requireMounted(world);
    for (const file of files) requireOwnFile(world, file);
    for (const file of files) await action(world, file);
  };
}

/** A file of another container is not to be changed from inside a PDB. */
function requireOwnFile(world: StatementWorld, file: FileReference): void {
  if (world.session.conId <= 1) return;
  const own = world.core.instance.controlFile?.datafiles.some(
    (record) =>
      record.conId === world.session.conId &&
      ("number" in file ? record.file === file.number : record.path === file.path),
  );
  if (own !== true) throw "number" in file ? fail(1516, String(file.number)) : fail(1516, file.path);
}

function parseFileAction(cursor: Parser): FileAction {
  if (cursor.accept("END", "BACKUP"))
    return (world, file) => world.core.instance.endBackup({ level: "datafile", file });
  if (cursor.accept("ONLINE")) return (world, file) => world.core.instance.onlineDatafile(file);
  if (cursor.accept("OFFLINE")) {
    const forDrop = cursor.accept("FOR", "DROP") || cursor.accept("DROP");
    return (world, file) => world.core.instance.offlineDatafile(file, forDrop);
  }
  return parseSize(cursor);
}

function parseSize(cursor: Parser): FileAction {
  if (cursor.accept("RESIZE")) {
    const bytes = cursor.bytes();
    return (world, file) => world.core.instance.resizeFile(file, bytes);
  }
  const setting = parseAutoextend(cursor);
  return (world, file) => world.core.instance.autoextendFile(file, setting);
}

function parseTempfile(cursor: Parser): Action {
  const file = parseFileReference(cursor);
  if (!cursor.accept("DROP")) return eachTempfile(file, parseSize(cursor));
  cursor.accept("INCLUDING", "DATAFILES");
  return eachTempfile(file, async (world, dropped) => {
    const control = world.core.instance.controlFile;
    const record = control?.tempfiles.find((candidate) =>
      "number" in dropped ? candidate.file === dropped.number : candidate.path === dropped.path,
    );
    const tablespace = control?.tablespaces.find(
      (candidate) => candidate.conId === record?.conId && candidate.ts === record.ts,
    );
    if (record === undefined || tablespace === undefined)
      throw fail(1516, "number" in dropped ? String(dropped.number) : dropped.path);
    await world.core.instance.dropFile(record.conId, tablespace.name, dropped, "TEMPFILE");
  });
}

function eachTempfile(file: FileReference, action: FileAction): Action {
  return async (world) => {
    requireMounted(world);
    await action(world, file);
  };
}

function parseRename(cursor: Parser): Action {
  const from = parsePaths(cursor);
  cursor.expect("TO");
  const to = parsePaths(cursor);
  if (from.length !== to.length) throw cursor.unexpected();
  return async (world) => {
    requireMounted(world);
    for (const [index, path] of from.entries()) await world.core.instance.renameFile(path, to[index] ?? path);
  };
}

function parseMove(cursor: Parser): Action {
  const file = parseFileReference(cursor);
  cursor.expect("TO");
  const to = cursor.string();
  cursor.accept("REUSE");
  cursor.accept("KEEP");
  return (world) => world.core.instance.moveDatafile(file, to);
}

/** CREATE DATAFILE makes an empty file in place of one that has no copy; recovery then fills it from redo. */
function parseCreate(cursor: Parser): Action {
  const file = parseFileReference(cursor);
  const to = cursor.accept("AS") ? cursor.string() : undefined;
  return async (world) => {
    requireMounted(world);
    const record = world.core.instance.controlFile?.datafiles.find((candidate) =>
      "number" in file ? candidate.file === file.number : candidate.path === file.path,
    );
    if (record === undefined) throw fail(1516, "number" in file ? String(file.number) : file.path);
    await world.core.instance.createDatafile({ number: record.file }, to ?? record.path);
  };
}
