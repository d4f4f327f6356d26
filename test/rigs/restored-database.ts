import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { restoreSource } from "../../demo/from-manifest.ts";
import { placeFiles } from "../../demo/restore/place-files.ts";
import { openRestored, recoverUntil } from "../../demo/restore/recover.ts";
import { inProcessConnector } from "../../simulator/doors/in-process.ts";
import type { OpenInstance } from "../../simulator/instance/open-instance.ts";
import { openInstance } from "../../simulator/instance/start-database.ts";
import { createEngine } from "../../simulator/sql/engine.ts";
import type { Manifest } from "../../src/domain/manifest.ts";
import { ROOT } from "../../src/domain/names.ts";
import { parseManifest } from "../../src/state/manifest-json.ts";

export interface RestoredDatabase extends AsyncDisposable {
  readonly instance: OpenInstance;
}

export function manifestOf(directory: string): Manifest {
  const parsed = parseManifest(readFileSync(join(directory, "manifest.json"), "utf8"));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.manifest;
}

/**
 * What a DBA would do with a backup: place copies and control file elsewhere, mount, recover up to the SCN (exclusive)
 * with the backup's own logs, open with RESETLOGS. Throws what the instance refuses.
 */
export async function restoredDatabase(
  backup: {
    readonly directory: string;
    readonly manifest: Manifest;
    /** Instead of the backup's own. */ readonly logs?: string;
    /** Where the copy of a file lies; beside the manifest unless told. May be read-only. */
    readonly copyOf?: (file: number) => string;
  },
  base: string,
  scn: bigint,
): Promise<RestoredDatabase> {
  const own = restoreSource(backup.manifest, backup.directory);
  const { copyOf } = backup;
  const datafiles = own.datafiles.map((one) =>
    copyOf === undefined ? one : { ...one, copy: copyOf(one.file) },
  );
  const later = backup.logs === undefined ? {} : { logs: backup.logs, logsGoOn: true };
  const source = { ...own, datafiles, ...later };
  const placed = placeFiles(source, base);
  for (const path of placed.datafiles.values()) chmodSync(path, 0o600);
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
    await recoverUntil(db, source, placed, scn.toString());
    await openRestored(db, source);
  } catch (error) {
    await stop();
    throw error;
  }
  return { instance, [Symbol.asyncDispose]: stop };
}
