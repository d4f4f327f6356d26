import { container, containerName, containerNamed, isCdb, openMode, rootId } from "../core.ts";
import { fail } from "../errors.ts";
import { holds } from "../privileges.ts";
import type { Parser } from "../syntax/parser.ts";
import type { Statement, StatementWorld } from "./statement.ts";

/** ALTER SESSION SET …: container, schema and NLS settings; others are taken and have no effect. */
export const alterSession: Statement = {
  starts: ["ALTER", "SESSION"],
  ddl: false,
  run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2248;
    if (cursor.acceptOne("ENABLE", "DISABLE", "FORCE", "ADVISE", "CLOSE")) return Promise.resolve();
    cursor.expect("SET");
    const settings: { name: string; value: string }[] = [];
    do {
      settings.push(parseSetting(cursor));
    } while (cursor.peek().kind !== "end");
    for (const setting of settings) applySetting(world, setting.name, setting.value);
    return Promise.resolve();
  },
};

function parseSetting(cursor: Parser): { name: string; value: string } {
  const name = cursor.name().value;
  if (name === "CONSTRAINTS" || name === "EVENTS") {
    while (cursor.peek().kind !== "end") cursor.next();
    return { name, value: "" };
  }
  cursor.expectOp("=");
  const token = cursor.next();
  if (token.value.endsWith("$") || cursor.isOp("$")) cursor.acceptOp("$");
  if (!["string", "word", "number", "quoted"].includes(token.kind)) throw cursor.unexpected();
  if (name === "CONTAINER" && cursor.accept("SERVICE")) {
    cursor.expectOp("=");
    cursor.next();
  }
  return { name, value: token.value };
}

function applySetting(world: StatementWorld, name: string, value: string): void {
  const { session } = world;
  if (name === "CONTAINER") return switchContainer(world, value);
  if (name === "CURRENT_SCHEMA") {
    if (world.core.accounts.find(value) === undefined && !["SYS", "PUBLIC", "SYSBACKUP"].includes(value))
      throw fail(1435);
    session.schema = value;
  } else if (name.startsWith("NLS_")) session.nls.set(name, value);
}

/** Open work stays behind: a transaction binds the session to its container (ORA-65023 on DML there, here simply refused). */
function switchContainer(world: StatementWorld, name: string): void {
  const { core, session } = world;
  if (!isCdb(core)) throw fail(65_090);
  const target = name === "CDB$ROOT" ? { conId: rootId(core) } : containerNamed(core, name);
  const administrative = session.privilege !== "NORMAL";
  const local = core.accounts.find(session.login.user)?.container !== undefined;
  if (
    !administrative &&
    target.conId !== session.conId &&
    (local || !holds(session, core.accounts, "SET CONTAINER"))
  )
    throw fail(1031);
  if (!administrative && target.conId > 1 && openMode(core, target.conId) === "MOUNTED") throw fail(1109);
  if (container(core, target.conId) === undefined && target.conId !== 1)
    throw fail(65_011, containerName(core, target.conId));
  session.conId = target.conId;
}
