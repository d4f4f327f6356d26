import { join } from "node:path";

import type { Database } from "../../src/ports/database.ts";
import { fileKey, type Placed } from "./place-files.ts";
import type { RestoreSource } from "./source.ts";

const DEADLINE = { deadlineMs: 60_000 };
/** Recovery reads every log; its time follows the redo, not the statement. */
const RECOVERY_DEADLINE = { deadlineMs: 300_000 };

/**
 * In MOUNT with the backup control file: tells it where the files are now, makes those that were created after their
 * tablespace was copied (rule 55), and recovers up to, not including, the SCN.
 */
export async function recoverUntil(
  db: Database,
  source: RestoreSource,
  placed: Placed,
  scn: string,
): Promise<void> {
  await renameFiles(db, placed, scn);
  const { logs, snapshotTime } = source;
  const moment = snapshotTime === undefined ? "" : ` SNAPSHOT TIME ${literal(snapshotTime)}`;
  const sql = `ALTER DATABASE RECOVER AUTOMATIC FROM ${literal(logs)} DATABASE UNTIL CHANGE ${scn} USING BACKUP CONTROLFILE${moment}`;
  for (let round = 1; ; round += 1) {
    try {
      return await db.execute(sql, RECOVERY_DEADLINE);
    } catch (error) {
      // Where the logs end with the control file it should have known every file.
      if (!source.logsGoOn || !(await makeUnnamedFiles(db, placed, round, error))) throw error;
    }
  }
}

/** Recovery stops where the redo adds a file that the control file does not know yet: it is made, and recovery goes on. */
async function makeUnnamedFiles(
  db: Database,
  placed: Placed,
  round: number,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof Error) || !error.message.includes("ORA-01244")) return false;
  const files = await db.query(
    "select file# as file_no, name from v$datafile where name like '%UNNAMED%' order by file#",
    {},
    DEADLINE,
  );
  for (const row of files) {
    // A number is used again when its file was dropped.
    const made = join(placed.newFiles, `added_${String(row["file_no"])}_${round}.dbf`);
    await db.execute(
      `ALTER DATABASE CREATE DATAFILE ${literal(String(row["name"]))} AS ${literal(made)}`,
      DEADLINE,
    );
  }
  return files.length > 0;
}

/**
 * In MOUNT with the control file and copies of a database that was closed: tells it where the files are now. There is
 * nothing to recover, but its online logs were left behind, so that only RESETLOGS opens it (rule 9).
 */
export async function placeClosed(db: Database, placed: Placed, closedAt: string): Promise<void> {
  await renameFiles(db, placed, closedAt);
  await db.execute("ALTER DATABASE RECOVER DATABASE UNTIL CANCEL", RECOVERY_DEADLINE);
  await db.execute("ALTER DATABASE RECOVER CANCEL", RECOVERY_DEADLINE);
}

/** Tells the control file where datafiles, logs and temp files are now. */
async function renameFiles(db: Database, placed: Placed, scn: string): Promise<void> {
  await placeDatafiles(db, placed, scn);
  await renameLogs(db, placed);
  await renameTempfiles(db, placed);
}

/** Opens with a new incarnation, opens the pluggable databases, and makes temp files again (rule 7). */
export async function openRestored(db: Database, source: RestoreSource): Promise<void> {
  await db.execute("ALTER DATABASE OPEN RESETLOGS", RECOVERY_DEADLINE);
  if (source.cdb) await db.execute("ALTER PLUGGABLE DATABASE ALL OPEN", DEADLINE);
}

/** In the container of the temp file. The instance makes files again that its control file names; others are added. */
export async function ensureTempfile(
  db: Database,
  placed: Placed,
  temp: RestoreSource["tempfiles"][number],
): Promise<void> {
  const path = join(
    placed.newFiles,
    `${temp.container}_${temp.tablespace}_temp.dbf`.replaceAll(/[^\w.-]/g, "_"),
  );
  const size = `SIZE ${Math.ceil(temp.bytes / 1024)}K REUSE`;
  await db.execute(`ALTER TABLESPACE "${temp.tablespace}" ADD TEMPFILE ${literal(path)} ${size}`, DEADLINE);
}

/** A file is where its copy was placed; it is made anew where there is none (rule 55); it did not exist yet at the target. */
async function placeDatafiles(db: Database, placed: Placed, scn: string): Promise<void> {
  const files = await db.query(
    "select file# as file_no, to_char(creation_change#) as creation_scn, name from v$datafile order by file#",
    {},
    DEADLINE,
  );
  for (const row of files) {
    const target = placed.datafiles.get(fileKey(Number(row["file_no"]), String(row["creation_scn"])));
    const name = literal(String(row["name"]));
    if (target !== undefined) {
      await db.execute(`ALTER DATABASE RENAME FILE ${name} TO ${literal(target)}`, DEADLINE);
      continue;
    }
    if (BigInt(String(row["creation_scn"])) >= BigInt(scn)) {
      await db.execute(`ALTER DATABASE DATAFILE ${String(row["file_no"])} OFFLINE DROP`, DEADLINE);
      continue;
    }
    const made = join(placed.newFiles, `created_${String(row["file_no"])}.dbf`);
    await db.execute(
      `ALTER DATABASE CREATE DATAFILE ${String(row["file_no"])} AS ${literal(made)}`,
      DEADLINE,
    );
  }
}

async function renameLogs(db: Database, placed: Placed): Promise<void> {
  const members = await db.query(
    "select group#, member from v$logfile order by group#, member",
    {},
    DEADLINE,
  );
  for (const [index, row] of members.entries()) {
    const target = join(placed.redo, `redo_${String(row["group#"])}_${index}.log`);
    await db.execute(
      `ALTER DATABASE RENAME FILE ${literal(String(row["member"]))} TO ${literal(target)}`,
      DEADLINE,
    );
  }
}

/** The names in the control file are the first database's: they must not be touched. */
async function renameTempfiles(db: Database, placed: Placed): Promise<void> {
  const temp = await db.query("select file# as file_no, name from v$tempfile order by file#", {}, DEADLINE);
  for (const row of temp) {
    const target = join(placed.newFiles, `temp_${String(row["file_no"])}.dbf`);
    await db.execute(
      `ALTER DATABASE RENAME FILE ${literal(String(row["name"]))} TO ${literal(target)}`,
      DEADLINE,
    );
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
