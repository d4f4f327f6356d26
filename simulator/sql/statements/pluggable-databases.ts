import { isCdb } from "../core.ts";
import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { require, requireOpen, requireRoot } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

/** CREATE PLUGGABLE DATABASE name ADMIN USER u IDENTIFIED BY p [FILE_NAME_CONVERT = ('from', 'to')]: a copy of the seed. */
const create: Statement = {
  starts: ["CREATE", "PLUGGABLE", "DATABASE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 922;
    const name = cursor.name().value;
    cursor.expect("ADMIN", "USER");
    cursor.name();
    cursor.expect("IDENTIFIED", "BY");
    cursor.next();
    const convert = parseConvert(cursor) ?? [seedName(world), name];
    cursor.end();
    require(world, "CREATE PLUGGABLE DATABASE");
    if (!isCdb(world.core)) throw fail(65_090);
    requireRoot(world);
    requireOpen(world, true);
    if (world.core.instance.controlFile?.containers.some((container) => container.name === name))
      throw fail(65_012, name);
    await world.core.instance.createPluggableDatabase({ name, fileNameConvert: convert });
  },
};

function parseConvert(cursor: Parser): [string, string] | undefined {
  if (!cursor.accept("FILE_NAME_CONVERT")) return undefined;
  cursor.expectOp("=");
  cursor.expectOp("(");
  const from = cursor.string();
  cursor.expectOp(",");
  const to = cursor.string();
  cursor.expectOp(")");
  return [from, to];
}

/** Without a rule for names, the directory of the seed is taken by the name of the PDB. */
function seedName(world: StatementWorld): string {
  const path = world.core.instance.controlFile?.datafiles.find((file) => file.conId === 2)?.path ?? "";
  return path.split("/").at(-2) ?? "pdbseed";
}

const drop: Statement = {
  starts: ["DROP", "PLUGGABLE", "DATABASE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 950;
    const name = cursor.name().value;
    cursor.acceptOne("INCLUDING", "KEEP");
    cursor.accept("DATAFILES");
    cursor.end();
    require(world, "CREATE PLUGGABLE DATABASE");
    requireRoot(world);
    if (!world.core.instance.controlFile?.containers.some((container) => container.name === name))
      throw fail(65_011, name);
    await world.core.instance.dropPluggableDatabase(name);
  },
};

export const pluggableDatabaseStatements: readonly Statement[] = [create, drop];
