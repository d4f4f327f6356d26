import type { CreateControlfileSpec } from "../../instance/api.ts";
import type { Parser } from "../syntax/parser.ts";
import { parsePaths } from "./file-clauses.ts";
import { require } from "./rules.ts";
import type { Statement, StatementWorld } from "./statement.ts";

type Group = CreateControlfileSpec["logGroups"][number];
interface Draft {
  resetlogs: boolean;
  archivelog: boolean;
  forceLogging: boolean;
  maxDatafiles: number;
  logGroups: Group[];
  datafiles: string[];
}

/** CREATE CONTROLFILE as BACKUP CONTROLFILE TO TRACE writes it. */
export const createControlfile: Statement = {
  starts: ["CREATE", "CONTROLFILE"],
  ddl: true,
  async run(cursor: Parser, world: StatementWorld) {
    cursor.syntaxError = 1967;
    const reuse = cursor.accept("REUSE");
    cursor.accept("SET");
    cursor.expect("DATABASE");
    const dbName = cursor.acceptString() ?? cursor.name().value;
    const draft: Draft = {
      resetlogs: false,
      archivelog: false,
      forceLogging: false,
      maxDatafiles: 1024,
      logGroups: [],
      datafiles: [],
    };
    while (cursor.peek().kind !== "end" && !cursor.isOp(";")) parseClause(cursor, draft);
    require(world, "CREATE CONTROLFILE");
    await world.core.instance.createControlfile({ ...draft, dbName: dbName.toUpperCase(), reuse });
  },
};

function parseClause(cursor: Parser, draft: Draft): void {
  if (cursor.accept("LOGFILE")) draft.logGroups.push(...parseGroups(cursor));
  else if (cursor.accept("DATAFILE")) draft.datafiles.push(...parsePaths(cursor));
  else if (cursor.accept("MAXDATAFILES")) draft.maxDatafiles = cursor.integer();
  else if (cursor.acceptOne("MAXLOGFILES", "MAXLOGMEMBERS", "MAXINSTANCES", "MAXLOGHISTORY"))
    cursor.integer();
  else if (cursor.accept("CHARACTER", "SET")) cursor.name();
  else parseFlag(cursor, draft);
}

function parseFlag(cursor: Parser, draft: Draft): void {
  if (cursor.accept("FORCE", "LOGGING")) draft.forceLogging = true;
  else if (cursor.accept("NO", "FORCE", "LOGGING")) draft.forceLogging = false;
  else if (cursor.accept("RESETLOGS")) draft.resetlogs = true;
  else if (cursor.accept("ARCHIVELOG")) draft.archivelog = true;
  else if (!cursor.acceptOne("NORESETLOGS", "NOARCHIVELOG", "REUSE")) throw cursor.unexpected();
}

function parseGroups(cursor: Parser): Group[] {
  const groups: Group[] = [];
  do {
    const thread = cursor.accept("THREAD") ? cursor.integer() : 1;
    const group = cursor.accept("GROUP") ? cursor.integer() : groups.length + 1;
    const members = cursor.acceptOp("(") ? parseMembers(cursor) : [cursor.string()];
    const bytes = cursor.accept("SIZE") ? cursor.bytes() : 52_428_800;
    const blockSize = cursor.accept("BLOCKSIZE") ? cursor.bytes() : 512;
    cursor.accept("REUSE");
    groups.push({ group, thread, members, bytes, blockSize });
  } while (cursor.acceptOp(","));
  return groups;
}

function parseMembers(cursor: Parser): string[] {
  const members = parsePaths(cursor);
  cursor.expectOp(")");
  return members;
}
