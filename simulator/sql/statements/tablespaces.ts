import type { TablespaceSpec } from "../../instance/api.ts";
import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseAutoextend, parseFileSpecs } from "./file-clauses.ts";
import { require, requireOpen, tablespaceNamed } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Contents = TablespaceSpec["contents"];

/** CREATE [BIGFILE|SMALLFILE] [TEMPORARY|UNDO] TABLESPACE name DATAFILE|TEMPFILE …. */
function createTablespace(words: readonly string[], bigfile: boolean, contents: Contents): Statement {
  return {
    starts: ["CREATE", ...words, "TABLESPACE"],
    ddl: true,
    async run(cursor: Parser, world: StatementWorld) {
      cursor.syntaxError = 2180;
      const name = cursor.name().value;
      if (!cursor.acceptOne("DATAFILE", "TEMPFILE")) throw fail(2199);
      const files = parseFileSpecs(cursor);
      const blockSize =
        parseAttributes(cursor) ?? Number(world.core.instance.parameters.get("db_block_size") ?? 8192);
      cursor.end();
      require(world, "CREATE TABLESPACE");
      requireOpen(world, true);
      await world.core.instance.createTablespace(world.session.conId, {
        name,
        contents,
        bigfile,
        blockSize,
        files,
      });
    },
  };
}

/** Attributes that the simulated instance has no use for are read and left; gives the block size. */
function parseAttributes(cursor: Parser): number | undefined {
  let blockSize: number | undefined;
  while (cursor.peek().kind !== "end") {
    if (cursor.accept("BLOCKSIZE")) blockSize = cursor.bytes();
    else if (cursor.isWord("AUTOEXTEND")) parseAutoextend(cursor);
    else parseIgnored(cursor);
  }
  return blockSize;
}

const IGNORED = [
  "LOGGING",
  "NOLOGGING",
  "ONLINE",
  "OFFLINE",
  "EXTENT",
  "MANAGEMENT",
  "LOCAL",
  "AUTOALLOCATE",
  "UNIFORM",
  "SEGMENT",
  "SPACE",
  "AUTO",
  "MANUAL",
  "DEFAULT",
  "RETENTION",
  "NOGUARANTEE",
  "GUARANTEE",
  "FORCE",
];

function parseIgnored(cursor: Parser): void {
  if (cursor.accept("SIZE")) cursor.bytes();
  else if (cursor.acceptOne(...IGNORED) === undefined) throw cursor.unexpected();
}

/** DROP TABLESPACE name [INCLUDING CONTENTS [AND|KEEP DATAFILES]] [CASCADE CONSTRAINTS]. */
const dropTablespace: Statement = {
  starts: ["DROP", "TABLESPACE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 2173;
    const name = cursor.name().value;
    const contents = cursor.accept("INCLUDING", "CONTENTS");
    const files = contents && cursor.accept("AND", "DATAFILES");
    if (contents && !files) cursor.accept("KEEP", "DATAFILES");
    cursor.accept("CASCADE", "CONSTRAINTS");
    cursor.end();
    require(world, "DROP TABLESPACE");
    requireOpen(world, true);
    tablespaceNamed(world, name);
    await world.core.instance.dropTablespace(world.session.conId, name, contents, files);
  },
};

export const tablespaceStatements: readonly Statement[] = [
  createTablespace([], false, "PERMANENT"),
  createTablespace(["BIGFILE"], true, "PERMANENT"),
  createTablespace(["SMALLFILE"], false, "PERMANENT"),
  createTablespace(["TEMPORARY"], false, "TEMPORARY"),
  createTablespace(["BIGFILE", "TEMPORARY"], true, "TEMPORARY"),
  createTablespace(["SMALLFILE", "TEMPORARY"], false, "TEMPORARY"),
  createTablespace(["UNDO"], false, "UNDO"),
  createTablespace(["BIGFILE", "UNDO"], true, "UNDO"),
  createTablespace(["SMALLFILE", "UNDO"], false, "UNDO"),
  dropTablespace,
];
