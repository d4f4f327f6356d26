import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { require } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

/** CREATE PFILE = 'path' FROM SPFILE | MEMORY. */
const createPfile: Statement = {
  starts: ["CREATE", "PFILE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 32_006;
    const path = cursor.acceptOp("=") ? cursor.string() : defaultPath(world);
    cursor.expect("FROM");
    const memory = cursor.accept("MEMORY");
    if (!memory) {
      cursor.expect("SPFILE");
      if (cursor.acceptOp("=")) cursor.string();
    }
    cursor.end();
    requireAdministrator(world);
    if (!memory && world.core.instance.spfilePath === undefined) throw fail(1565, "?/dbs/spfile@.ora");
    if (memory) await world.core.instance.createPfile(path, "memory");
    else await world.core.instance.createPfile(path);
  },
};

function defaultPath(world: StatementWorld): string {
  const directory = world.core.instance.spfilePath?.split("/").slice(0, -1).join("/") ?? ".";
  return `${directory}/init${world.core.identity.instanceName}.ora`;
}

/** The other direction needs a server that writes an SPFILE while it runs on another; not offered. */
const createSpfile: Statement = {
  starts: ["CREATE", "SPFILE"],
  ddl: true,
  run(_cursor: Parser, world: StatementWorld) {
    requireAdministrator(world);
    return Promise.reject(fail(world.core.instance.spfilePath === undefined ? 3001 : 32_002));
  },
};

/** An administrative login, not a privilege that can be granted. */
function requireAdministrator(world: StatementWorld): void {
  if (!["SYSDBA", "SYSOPER", "SYSBACKUP"].includes(world.session.privilege)) throw fail(1031);
  require(world, "ALTER DATABASE");
}

export const parameterFileStatements: readonly Statement[] = [createPfile, createSpfile];
