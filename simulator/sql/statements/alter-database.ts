import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseChangeTracking } from "./change-tracking.ts";
import { parseFileClause } from "./database-files.ts";
import { parseRecover } from "./recover.ts";
import { require, requireMounted, requireRoot } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Action = (world: StatementWorld) => Promise<void>;

/** ALTER DATABASE [name] …. */
export const alterDatabase: Statement = {
  starts: ["ALTER", "DATABASE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2231;
    const action = parseDatabaseAction(cursor, world);
    cursor.end();
    require(world, "ALTER DATABASE");
    await action(world);
  },
};

/** The clause, also behind the name of the database. */
function parseDatabaseAction(cursor: Parser, world: StatementWorld): Action {
  const at = cursor.index;
  const action = parseClause(cursor);
  if (action !== undefined) return action;
  cursor.index = at;
  const name = cursor.name().value;
  if (name !== world.core.instance.controlFile?.dbName) throw cursor.unexpected();
  const named = parseClause(cursor);
  if (named === undefined) throw cursor.unexpected();
  return named;
}

function parseClause(cursor: Parser): Action | undefined {
  return (
    parseState(cursor) ??
    parseBackup(cursor) ??
    parseLogging(cursor) ??
    parseRecover(cursor) ??
    parseChangeTracking(cursor) ??
    parseFileClause(cursor)
  );
}

function parseState(cursor: Parser): Action | undefined {
  if (cursor.accept("MOUNT")) return (world) => world.core.instance.mount();
  if (cursor.accept("OPEN")) return parseOpen(cursor);
  if (cursor.accept("DISMOUNT")) return (world) => world.core.instance.dismount();
  if (!cursor.accept("CLOSE")) return undefined;
  cursor.acceptOne("NORMAL", "IMMEDIATE");
  return async (world) => {
    requireRoot(world);
    if (world.core.sessions.all().some((session) => session !== world.session)) throw fail(1093);
    await world.core.instance.close();
  };
}

function parseOpen(cursor: Parser): Action {
  if (cursor.accept("READ")) {
    const mode = cursor.acceptOne("ONLY", "WRITE");
    if (mode === undefined) throw cursor.unexpected();
    return (world) => open(world, mode === "ONLY" ? "READ ONLY" : "READ WRITE");
  }
  const resetlogs = cursor.acceptOne("RESETLOGS", "NORESETLOGS") === "RESETLOGS";
  return (world) => open(world, resetlogs ? "RESETLOGS" : "READ WRITE");
}

async function open(world: StatementWorld, mode: "READ ONLY" | "READ WRITE" | "RESETLOGS"): Promise<void> {
  const pdb = world.session.conId;
  await (pdb > 1 ? world.core.instance.openPdb(pdb, mode) : world.core.instance.open(mode));
}

function parseBackup(cursor: Parser): Action | undefined {
  const edge = cursor.isWord("BEGIN", "BACKUP")
    ? "begin"
    : cursor.isWord("END", "BACKUP")
      ? "end"
      : undefined;
  if (edge !== undefined) {
    cursor.index += 2;
    return async ({ core, session }) => {
      const scope =
        session.conId > 1
          ? ({ level: "pdb", conId: session.conId } as const)
          : ({ level: "database" } as const);
      await (edge === "begin" ? core.instance.beginBackup(scope) : core.instance.endBackup(scope));
    };
  }
  if (!cursor.accept("BACKUP", "CONTROLFILE", "TO")) return undefined;
  return cursor.accept("TRACE") ? parseTrace(cursor) : parseBinary(cursor);
}

function parseBinary(cursor: Parser): Action {
  const path = cursor.string();
  const reuse = cursor.accept("REUSE");
  return async (world) => {
    requireRoot(world);
    requireMounted(world);
    await world.core.instance.backupControlfile(path, reuse);
  };
}

function parseTrace(cursor: Parser): Action {
  const path = cursor.accept("AS") ? cursor.string() : undefined;
  const reuse = cursor.accept("REUSE");
  const variant = cursor.acceptOne("RESETLOGS", "NORESETLOGS") ?? "BOTH";
  return async (world) => {
    requireRoot(world);
    requireMounted(world);
    const directory = world.core.instance.parameters.get("diagnostic_dest") ?? ".";
    const target = path ?? `${directory}/${world.core.identity.instanceName}_ora_${world.session.sid}.trc`;
    await world.core.instance.backupControlfileToTrace(target, {
      reuse: reuse || path === undefined,
      variant,
    });
  };
}

function parseLogging(cursor: Parser): Action | undefined {
  const mode = cursor.acceptOne("ARCHIVELOG", "NOARCHIVELOG");
  if (mode !== undefined) {
    return async (world) => {
      requireRoot(world);
      requireMounted(world);
      await world.core.instance.setLogMode(mode);
    };
  }
  const forced = cursor.accept("FORCE", "LOGGING")
    ? true
    : cursor.accept("NO", "FORCE", "LOGGING")
      ? false
      : undefined;
  if (forced === undefined) return undefined;
  return async (world) => {
    requireMounted(world);
    await world.core.instance.setForceLogging(forced);
  };
}
