import { copyFileSync } from "node:fs";
import { join } from "node:path";

import { restoreSource } from "../../demo/from-manifest.ts";
import { placeFiles } from "../../demo/restore/place-files.ts";
import { renameFiles } from "../../demo/restore/recover.ts";
import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import { openInstance } from "../../simulator/instance/start-database.ts";
import { createEngine } from "../../simulator/sql/engine.ts";
import type { ColdManifest } from "../../src/domain/manifest.ts";
import { ROOT } from "../../src/domain/names.ts";
import type { Database } from "../../src/ports/database.ts";
import { manifestOf, type RestoredDatabase } from "./restored-database.ts";

const DEADLINE = { deadlineMs: 60_000 };

export function coldManifestOf(directory: string): ColdManifest {
  const manifest = manifestOf(directory);
  if (manifest.kind !== "cold") throw new Error(`${directory} holds a ${manifest.kind} backup`);
  return manifest;
}

/**
 * What a DBA would do with a cold backup: place all files elsewhere, mount, and open without any redo. Where the backup
 * has the online logs they are placed too, and the database opens as it was; else it opens with RESETLOGS.
 */
export async function restoredColdDatabase(directory: string, base: string): Promise<RestoredDatabase> {
  const manifest = coldManifestOf(directory);
  const source = restoreSource(manifest, directory);
  const placed = placeFiles(source, base);
  const instance = openInstance({ base, name: source.databaseName, now: () => new Date() });
  const engine = createEngine(instance, { staticServices: ["RESTORED"] });
  const stop = async () => {
    if (instance.state !== "IDLE") await engine.shutdown("ABORT");
  };
  try {
    await instance.startup({ to: "MOUNT", pfile: placed.pfile });
    const account = { user: "SYS", password: "oracle", privilege: "SYSDBA", service: "RESTORED" } as const;
    const connector = inProcessConnector({ engine, ...account });
    await using db = await connector.connect({ deadlineMs: 60_000, container: ROOT });
    await renameFiles(db, placed, manifest.scns.recoverableTo);
    if (manifest.onlineRedo.length > 0) await openWithRedo(db, manifest, directory);
    else await openWithoutRedo(db);
    if (source.cdb) await db.execute("ALTER PLUGGABLE DATABASE ALL OPEN", DEADLINE);
  } catch (error) {
    await stop();
    throw error;
  }
  return { instance, [Symbol.asyncDispose]: stop };
}

/** There is nothing to apply: the files are consistent. Oracle wants to hear that before RESETLOGS. */
async function openWithoutRedo(db: Database): Promise<void> {
  await db.execute("ALTER DATABASE RECOVER DATABASE UNTIL CANCEL", DEADLINE);
  await db.execute("ALTER DATABASE OPEN RESETLOGS", DEADLINE);
}

async function openWithRedo(db: Database, manifest: ColdManifest, directory: string): Promise<void> {
  const members = await db.query("select group#, member from v$logfile order by group#", {}, DEADLINE);
  for (const { group, name } of manifest.onlineRedo) {
    for (const row of members.filter((one) => Number(one["group#"]) === group))
      copyFileSync(join(directory, name), String(row["member"]));
  }
  await db.execute("ALTER DATABASE OPEN", DEADLINE);
}
