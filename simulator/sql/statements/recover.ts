import type { RecoverSpec } from "../../instance/api.ts";
import { fail } from "../errors.ts";
import { parseMoment } from "../runtime/date-format.ts";
import { instantOf } from "../runtime/moment.ts";
import type { Parser } from "../syntax/parser.ts";
import { parseManagedRecovery } from "./managed-recovery.ts";
import { parseFileReferences } from "./file-clauses.ts";
import { requireMounted, requireRoot } from "./rules.ts";
import type { StatementWorld } from "./statement.ts";

type Action = (world: StatementWorld) => Promise<void>;
type Scope =
  | { readonly level: "database" }
  | { readonly level: "tablespace"; readonly names: readonly string[] }
  | Extract<RecoverSpec["scope"], { level: "datafile" }>;
type Until = { readonly scn: bigint } | { readonly time: string } | "CANCEL";

/**
 * RECOVER [AUTOMATIC] [FROM 'dir'] DATABASE|TABLESPACE|DATAFILE … [UNTIL …] [USING BACKUP CONTROLFILE] [SNAPSHOT TIME …].
 * Always applies logs by itself.
 */
export function parseRecover(cursor: Parser): Action | undefined {
  if (!cursor.accept("RECOVER")) return undefined;
  if (cursor.accept("MANAGED", "STANDBY", "DATABASE")) return parseManagedRecovery(cursor);
  if (cursor.accept("CANCEL")) return () => Promise.resolve();
  if (cursor.accept("CONTINUE")) {
    cursor.accept("DEFAULT");
    return () => Promise.reject(fail(279));
  }
  cursor.accept("AUTOMATIC");
  const from = cursor.accept("FROM") ? cursor.string() : undefined;
  cursor.acceptOne("STANDBY");
  const scope = parseScope(cursor);
  const options = parseOptions(cursor, scope.level);
  return async (world) => {
    requireRoot(world);
    requireMounted(world);
    await world.core.instance.recover({
      scope: scope.level === "tablespace" ? { ...scope, conId: world.session.conId } : scope,
      usingBackupControlfile: options.backupControlfile,
      ...(from !== undefined && { from }),
      ...(options.until !== undefined && { until: untilOf(options.until, world) }),
      ...(options.snapshotTime !== undefined && { snapshotTime: wallClock(options.snapshotTime, world) }),
    });
  };
}

function parseScope(cursor: Parser): Scope {
  if (cursor.accept("TABLESPACE")) {
    const names = [cursor.name().value];
    while (cursor.acceptOp(",")) names.push(cursor.name().value);
    return { level: "tablespace", names };
  }
  if (cursor.accept("DATAFILE")) return { level: "datafile", files: parseFileReferences(cursor) };
  cursor.accept("DATABASE");
  return { level: "database" };
}

interface Options {
  until?: Until;
  snapshotTime?: string;
  backupControlfile: boolean;
}

function parseOptions(cursor: Parser, level: Scope["level"]): Options {
  const options: Options = { backupControlfile: false };
  for (;;) {
    if (cursor.accept("USING", "BACKUP", "CONTROLFILE")) options.backupControlfile = true;
    else if (cursor.accept("UNTIL")) options.until = parseUntil(cursor);
    else if (level === "database" && cursor.accept("SNAPSHOT", "TIME"))
      options.snapshotTime = cursor.string();
    else if (cursor.accept("ALLOW")) {
      cursor.integer();
      cursor.expect("CORRUPTION");
    } else if (cursor.accept("PARALLEL")) cursor.integer();
    else if (!cursor.accept("NOPARALLEL")) return options;
  }
}

function parseUntil(cursor: Parser): Until {
  if (cursor.accept("CANCEL")) return "CANCEL";
  if (cursor.acceptOne("CHANGE", "SCN")) return { scn: cursor.scn() };
  cursor.expect("TIME");
  cursor.acceptOp("=");
  return { time: cursor.string() };
}

/** The text of UNTIL TIME is wall clock of the database host, 'YYYY-MM-DD:HH24:MI:SS'. */
function untilOf(until: Until, world: StatementWorld): NonNullable<RecoverSpec["until"]> {
  if (until === "CANCEL" || "scn" in until) return until;
  return { time: wallClock(until.time, world) };
}

function wallClock(text: string, world: StatementWorld): Date {
  const moment = parseMoment(text, "YYYY-MM-DD HH24:MI:SS", { seconds: 0, nanos: 0 });
  return instantOf(moment, world.core.zoneMinutes);
}
