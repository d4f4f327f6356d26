import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { killSession } from "./kill-session.ts";
import { require, requireMounted, requireOpen, requireRoot } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Action = (world: StatementWorld) => Promise<void>;

/** ALTER SYSTEM …. */
export const alterSystem: Statement = {
  starts: ["ALTER", "SYSTEM"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2065;
    const action = parseLogs(cursor) ?? parseSessions(cursor) ?? parseSet(cursor);
    cursor.end();
    require(world, "ALTER SYSTEM");
    await action(world);
  },
};

function parseLogs(cursor: Parser): Action | undefined {
  if (cursor.accept("CHECKPOINT")) {
    cursor.acceptOne("GLOBAL", "LOCAL");
    return async (world) => {
      requireOpen(world, false);
      await world.core.instance.checkpoint();
    };
  }
  if (cursor.accept("SWITCH", "LOGFILE")) return fromRoot((world) => world.core.instance.switchLogfile());
  if (cursor.accept("ARCHIVE", "LOG")) {
    const which = cursor.acceptOne("CURRENT", "ALL", "NEXT");
    if (which === undefined) throw cursor.unexpected();
    if (which !== "CURRENT") return archiveWaiting;
    cursor.accept("NOSWITCH");
    return fromRoot((world) => world.core.instance.archiveLogCurrent());
  }
  if (cursor.accept("FLUSH")) {
    cursor.acceptOne("BUFFER_CACHE", "SHARED_POOL");
    return (world) => world.core.instance.checkpoint();
  }
  return cursor.accept("REGISTER") ? () => Promise.resolve() : undefined;
}

async function archiveWaiting(world: StatementWorld): Promise<void> {
  requireRoot(world);
  requireMounted(world);
  await world.core.instance.archiveLogAll();
}

/** ORA-65040 inside a PDB, ORA-01109 while not open. */
function fromRoot(action: Action): Action {
  return async (world) => {
    requireRoot(world);
    requireOpen(world, false);
    await action(world);
  };
}

function parseSessions(cursor: Parser): Action | undefined {
  if (cursor.isWord("ENABLE", "RESTRICTED") || cursor.isWord("DISABLE", "RESTRICTED")) {
    const on = cursor.next().value === "ENABLE";
    cursor.expect("RESTRICTED", "SESSION");
    return ({ core: { instance }, session: { conId } }) =>
      conId > 1
        ? instance.restrictPdb(conId, on)
        : instance.setParameter("restricted_session", on ? "TRUE" : "FALSE", "MEMORY");
  }
  if (cursor.accept("SUSPEND")) return fromRoot((world) => world.core.instance.suspend());
  if (cursor.accept("RESUME")) return fromRoot((world) => world.core.instance.resume());
  if (cursor.accept("KILL", "SESSION") || cursor.accept("DISCONNECT", "SESSION")) {
    const [sid = "", serial = ""] = cursor.string().split(",");
    const drop = cursor.acceptOne("IMMEDIATE", "POST_TRANSACTION") === "IMMEDIATE";
    return (world) => killSession(world, Number(sid.trim()), Number(serial.trim()), drop);
  }
  return undefined;
}

/** Parameters that count from the next start on. */
const STATIC: ReadonlySet<string> = new Set([
  "cluster_database",
  "compatible",
  "control_files",
  "db_block_size",
  "db_name",
  "db_unique_name",
  "enable_pluggable_database",
  "instance_name",
  "log_archive_format",
  "thread",
]);

/** SET name = value [, value …] [COMMENT = '…'] [DEFERRED] [CONTAINER = …] [SCOPE = …] [SID = '…']. */
function parseSet(cursor: Parser): Action {
  const reset = cursor.accept("RESET");
  if (!reset) cursor.expect("SET");
  const name = cursor.name().value.toLowerCase();
  const value = reset ? "" : parseValue(cursor);
  let scope: "MEMORY" | "SPFILE" | "BOTH" | undefined;
  for (;;) {
    if (cursor.accept("SCOPE")) {
      cursor.expectOp("=");
      scope = cursor.acceptOne("MEMORY", "SPFILE", "BOTH");
      if (scope === undefined) throw cursor.unexpected();
    } else if (cursor.accept("SID") || cursor.accept("COMMENT") || cursor.accept("CONTAINER")) {
      cursor.expectOp("=");
      cursor.next();
    } else if (!cursor.accept("DEFERRED")) break;
  }
  return async (world) => {
    if (STATIC.has(name) && scope !== "SPFILE") throw fail(2095);
    if (scope === "SPFILE" && world.core.instance.spfilePath === undefined) throw fail(32_001);
    if (name.startsWith("log_archive")) requireRoot(world);
    if (name.startsWith("db_recovery")) requireMounted(world);
    await world.core.instance.setParameter(
      name,
      value,
      scope ?? (world.core.instance.spfilePath === undefined ? "MEMORY" : "BOTH"),
    );
  };
}

function parseValue(cursor: Parser): string {
  cursor.expectOp("=");
  const values: string[] = [];
  do {
    const token = cursor.next();
    if (!["string", "word", "number", "quoted"].includes(token.kind)) throw cursor.unexpected();
    const unit = token.kind === "number" ? cursor.acceptOne("K", "M", "G", "T") : undefined;
    values.push(token.value + (unit ?? ""));
  } while (cursor.acceptOp(","));
  return values.join(",");
}
