import type { ContainedStatement } from "../domain/reconcile-plan.ts";
import { oraCodeOf } from "../errors/database-error.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { endFileBackupSql } from "../plan/sql-text.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import type { World } from "./world.ts";

/** Nothing in backup mode (1142, 1199), no file that could be (1140), partial success (1235, 1260): v$backup decides. */
const JUDGED_BY_VIEW = new Set([1140, 1142, 1199, 1235, 1260]);

/** Each in its container; a statement that is refused is followed by one for each file: tablespaces are renamed. */
export async function sendEnds(
  world: World,
  db: Database,
  statements: readonly ContainedStatement[],
  files: readonly number[],
  options: CallOptions,
): Promise<void> {
  const { connectMs } = world.database.deadlines;
  for (const { container, sql } of statements) {
    if (container === db.container) {
      await send(db, sql, files, options);
      continue;
    }
    await using other = await world.connector.connect({ container, deadlineMs: connectMs });
    await send(other, sql, files, options);
  }
}

async function send(
  db: Database,
  sql: string,
  files: readonly number[],
  options: CallOptions,
): Promise<void> {
  try {
    await db.execute(sql, options);
  } catch (error) {
    if (JUDGED_BY_VIEW.has(oraCodeOf(error) ?? 0)) return;
    if (!isUmbraError(error) || error.code !== "UMB-5201") throw error;
    for (const file of files) await sendForFile(db, file, options);
  }
}

async function sendForFile(db: Database, file: number, options: CallOptions): Promise<void> {
  try {
    await db.execute(endFileBackupSql(file), options);
  } catch (error) {
    if (!JUDGED_BY_VIEW.has(oraCodeOf(error) ?? 0)) throw error;
  }
}
