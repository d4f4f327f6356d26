import { containerNamed, isCdb, openMode } from "../core.ts";
import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseFileClause } from "./database-files.ts";
import { require, requireMounted, requirePdb } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Target =
  | { readonly kind: "all"; readonly except: readonly string[] }
  | { readonly kind: "named"; readonly names: readonly string[] }
  | { readonly kind: "current" };
type OpenMode = "READ WRITE" | "READ ONLY" | "RESETLOGS";

/** ALTER PLUGGABLE DATABASE [ALL [EXCEPT …] | name, …] …. */
export const alterPluggableDatabase: Statement = {
  starts: ["ALTER", "PLUGGABLE", "DATABASE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2231;
    const target = parseTarget(cursor);
    const action = parseAction(cursor);
    cursor.end();
    require(world, "ALTER DATABASE");
    if (!isCdb(world.core)) throw fail(65_090);
    requireMounted(world);
    await action(world, target);
  },
};

const CLAUSES = [
  "OPEN",
  "CLOSE",
  "SAVE",
  "DISCARD",
  "BEGIN",
  "END",
  "DATAFILE",
  "RECOVER",
  "TEMPFILE",
  "MOVE",
];

function parseTarget(cursor: Parser): Target {
  if (cursor.accept("ALL")) {
    const except = cursor.accept("EXCEPT") ? parseNames(cursor) : [];
    return { kind: "all", except };
  }
  return CLAUSES.some((word) => cursor.isWord(word))
    ? { kind: "current" }
    : { kind: "named", names: parseNames(cursor) };
}

function parseNames(cursor: Parser): string[] {
  const names = [cursor.name().value];
  while (cursor.acceptOp(",")) names.push(cursor.name().value);
  return names;
}

function parseAction(cursor: Parser): (world: StatementWorld, target: Target) => Promise<void> {
  if (cursor.accept("OPEN")) return parseOpen(cursor);
  if (cursor.accept("CLOSE")) {
    const how = cursor.acceptOne("IMMEDIATE", "NORMAL", "ABORT");
    return (world, target) => closeAll(world, target, how === "IMMEDIATE");
  }
  if (cursor.accept("SAVE", "STATE")) return (world, target) => saveState(world, target, true);
  if (cursor.accept("DISCARD", "STATE")) return (world, target) => saveState(world, target, false);
  if (cursor.accept("BEGIN", "BACKUP")) return (world) => markBackup(world, "begin");
  if (cursor.accept("END", "BACKUP")) return (world) => markBackup(world, "end");
  const file = parseFileClause(cursor);
  if (file === undefined) throw cursor.unexpected();
  return async (world) => {
    requirePdb(world);
    await file(world);
  };
}

/** With a name it is the same as without, but only inside that PDB. */
async function markBackup(world: StatementWorld, edge: "begin" | "end"): Promise<void> {
  requirePdb(world);
  if (openMode(world.core, world.session.conId) === "MOUNTED" && edge === "begin") throw fail(1109);
  const scope = { level: "pdb", conId: world.session.conId } as const;
  await (edge === "begin" ? world.core.instance.beginBackup(scope) : world.core.instance.endBackup(scope));
}

function parseOpen(cursor: Parser): (world: StatementWorld, target: Target) => Promise<void> {
  const mode = parseMode(cursor);
  const restricted = cursor.accept("RESTRICTED");
  const force = cursor.accept("FORCE");
  return async (world, target) => {
    if (world.core.instance.state !== "OPEN") throw fail(1109);
    for (const conId of resolve(world, target)) {
      const now = openMode(world.core, conId);
      const open = () => world.core.instance.openPdb(conId, mode, restricted);
      const differs = now !== mode || restricted !== world.core.instance.pdbRestricted(conId);
      if (now === "MOUNTED") await open();
      else if (force && differs) {
        await world.core.instance.closePdb(conId);
        await open();
      } else if (target.kind !== "all" && !force) throw fail(65_019, nameOf(world, conId));
    }
  };
}

function parseMode(cursor: Parser): OpenMode {
  if (cursor.accept("READ", "ONLY")) return "READ ONLY";
  if (cursor.accept("RESETLOGS")) return "RESETLOGS";
  cursor.accept("READ", "WRITE");
  return "READ WRITE";
}

async function closeAll(world: StatementWorld, target: Target, immediate: boolean): Promise<void> {
  for (const conId of resolve(world, target)) {
    if (openMode(world.core, conId) !== "MOUNTED") {
      const others = world.core.sessions
        .all()
        .filter((session) => session.conId === conId && session !== world.session);
      if (immediate) await world.core.drop((sid) => others.some((other) => other.sid === sid));
      await world.core.instance.closePdb(conId);
    } else if (target.kind !== "all") throw fail(65_020, nameOf(world, conId));
  }
}

/** The saved state belongs to the record of the container. */
async function saveState(world: StatementWorld, target: Target, keep: boolean): Promise<void> {
  for (const conId of resolve(world, target))
    await world.core.instance.savePdbState(conId, keep && openMode(world.core, conId) !== "MOUNTED");
}

function resolve(world: StatementWorld, target: Target): number[] {
  if (target.kind === "current") {
    requirePdb(world);
    return [world.session.conId];
  }
  if (target.kind === "named") {
    const ids = target.names.map((name) => containerNamed(world.core, name).conId);
    if (world.session.conId > 1 && ids.some((conId) => conId !== world.session.conId)) throw fail(65_118);
    return ids;
  }
  if (world.session.conId > 1) throw fail(65_040);
  const records = world.core.instance.controlFile?.containers ?? [];
  return records
    .filter((record) => record.conId > 2 && !target.except.includes(record.name))
    .map((record) => record.conId);
}

function nameOf(world: StatementWorld, conId: number): string {
  return (
    world.core.instance.controlFile?.containers.find((record) => record.conId === conId)?.name ??
    String(conId)
  );
}
