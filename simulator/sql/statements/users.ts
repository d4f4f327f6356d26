import { isCdb } from "../core.ts";
import type { SessionPrivilege } from "../../engine/engine.ts";
import { fail, failAt } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseTableName } from "../syntax/from-parser.ts";
import { require } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

interface Changes {
  password?: string;
  locked?: boolean;
  expired?: boolean;
  tablespace?: string;
}

const createUser: Statement = {
  starts: ["CREATE", "USER"],
  ddl: true,
  run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 922;
    const name = cursor.name().value;
    const changes = parseChanges(cursor);
    require(world, "CREATE USER");
    if (changes.password === undefined) throw fail(988);
    const { conId } = world.session;
    if (isCdb(world.core) && conId === 1 && !name.startsWith("C##")) throw fail(65_096);
    const container =
      conId > 1
        ? world.core.instance.controlFile?.containers.find((record) => record.conId === conId)?.name
        : undefined;
    world.core.accounts.add({
      name,
      password: changes.password,
      locked: changes.locked ?? false,
      ...(changes.tablespace !== undefined && { defaultTablespace: changes.tablespace }),
      ...(container !== undefined && { container }),
    });
    return Promise.resolve();
  },
};

/** ALTER USER: one's own password needs no privilege. */
const alterUser: Statement = {
  starts: ["ALTER", "USER"],
  ddl: true,
  run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 922;
    const name = cursor.name().value;
    const changes = parseChanges(cursor);
    const own =
      name === world.session.user && changes.locked === undefined && changes.tablespace === undefined;
    if (!own) require(world, "ALTER USER");
    const account = world.core.accounts.get(name);
    if (changes.password !== undefined) {
      account.password = changes.password;
      account.expiresInDays = undefined;
    }
    if (changes.locked !== undefined) account.locked = changes.locked;
    if (changes.expired === true) account.expiresInDays = 0;
    if (changes.tablespace !== undefined) account.defaultTablespace = changes.tablespace;
    return Promise.resolve();
  },
};

function parseChanges(cursor: Parser): Changes {
  const changes: Changes = {};
  while (cursor.peek().kind !== "end") {
    if (cursor.accept("IDENTIFIED", "BY")) changes.password = parsePassword(cursor);
    else if (cursor.accept("REPLACE")) parsePassword(cursor);
    else if (cursor.accept("ACCOUNT")) changes.locked = cursor.acceptOne("LOCK", "UNLOCK") === "LOCK";
    else if (cursor.accept("PASSWORD", "EXPIRE")) changes.expired = true;
    else if (cursor.accept("DEFAULT", "TABLESPACE")) changes.tablespace = cursor.name().value;
    else parseIgnored(cursor);
  }
  return changes;
}

function parseIgnored(cursor: Parser): void {
  if (cursor.accept("TEMPORARY", "TABLESPACE") || cursor.accept("PROFILE")) cursor.name();
  else if (cursor.accept("CONTAINER")) {
    cursor.expectOp("=");
    cursor.next();
  } else if (cursor.accept("QUOTA")) {
    if (!cursor.accept("UNLIMITED")) cursor.bytes();
    cursor.expect("ON");
    cursor.name();
  } else throw cursor.unexpected();
}

/** A password keeps its case, quoted or not. */
function parsePassword(cursor: Parser): string {
  const token = cursor.next();
  if (token.kind === "quoted") return token.value;
  if (token.kind !== "word") throw failAt(token.start, 988);
  return cursor.sql.slice(token.start, token.end);
}

const dropUser: Statement = {
  starts: ["DROP", "USER"],
  ddl: true,
  run(cursor: Parser, world: StatementWorld) {
    const name = cursor.name().value;
    cursor.accept("CASCADE");
    cursor.end(933);
    require(world, "DROP USER");
    world.core.accounts.remove(name);
    return Promise.resolve();
  },
};

const ADMINISTRATIVE: readonly SessionPrivilege[] = ["SYSDBA", "SYSOPER", "SYSBACKUP", "SYSDG", "SYSKM"];

/** GRANT and REVOKE of system privileges, roles, administrative privileges, and privileges on one table. */
function grantStatement(verb: "GRANT" | "REVOKE"): Statement {
  return {
    starts: [verb],
    ddl: true,
    run(cursor: Parser, world: StatementWorld) {
      cursor.syntaxError = 990;
      const privileges = parsePrivileges(cursor);
      const object = cursor.accept("ON") ? parseTableName(cursor).parts : undefined;
      cursor.expect(verb === "GRANT" ? "TO" : "FROM");
      const name = cursor.name().value;
      while (cursor.peek().kind !== "end") cursor.next();
      if (object === undefined || (object.at(-2) ?? world.session.schema) !== world.session.user)
        require(world, "GRANT ANY PRIVILEGE");
      const account = world.core.accounts.find(name);
      if (account === undefined) throw fail(1917, name);
      const suffix =
        object === undefined ? "" : ` ON ${object.at(-2) ?? world.session.schema}.${object.at(-1) ?? ""}`;
      for (const privilege of privileges) apply(account, privilege + suffix, verb === "GRANT");
      return Promise.resolve();
    },
  };
}

function parsePrivileges(cursor: Parser): string[] {
  const list: string[] = [];
  do {
    const words: string[] = [];
    while (cursor.peek().kind === "word" && !["TO", "FROM", "ON"].includes(cursor.peek().value))
      words.push(cursor.next().value);
    if (words.length === 0) throw cursor.unexpected();
    list.push(words.join(" "));
  } while (cursor.acceptOp(","));
  return list;
}

function apply(
  account: { administrative: SessionPrivilege[]; grants: Set<string> },
  privilege: string,
  grant: boolean,
): void {
  const administrative = ADMINISTRATIVE.find((known) => known === privilege);
  if (administrative === undefined) {
    if (grant) account.grants.add(privilege);
    else account.grants.delete(privilege);
    return;
  }
  account.administrative = account.administrative.filter((held) => held !== administrative);
  if (grant) account.administrative.push(administrative);
}

export const userStatements: readonly Statement[] = [
  createUser,
  alterUser,
  dropUser,
  grantStatement("GRANT"),
  grantStatement("REVOKE"),
];
