import { constants, copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { ForkedSimulator } from "../simulator/doors/forked.ts";
import type { Comparison } from "../simulator/workload/compare.ts";
import type { Target } from "./choose-target.ts";
import { restoreSource } from "./from-manifest.ts";
import type { ListedBackup } from "./keeping-reports.ts";
import type { Narrator } from "./narrator.ts";
import { placeFiles } from "./restore/place-files.ts";
import { compareRows, recoverAndOpen, startSecondInstance } from "./second-instance.ts";

/** The copies of a snapshot, with the logs of all that there is, as coverage combines them; recovered and compared. */
export async function restoreSnapshot(restore: {
  readonly directory: string;
  readonly production: ForkedSimulator;
  readonly backups: readonly ListedBackup[];
  readonly target: Target;
  readonly tell: Narrator;
}): Promise<Comparison> {
  const { directory, production, backups, target, tell } = restore;
  const { snapshot, manifest, scn } = target;
  const logs = join(directory, "logs-for-the-restore");
  const count = gatherLogs(backups, logs);
  const source = { ...restoreSource(manifest, snapshot.directory), logs };
  const placed = placeFiles(source, join(directory, "restored"));
  tell.say(
    `${source.datafiles.length} image copies of it placed in ${join(directory, "restored")}; its own logs reach to SCN ` +
      `${manifest.scns.recoverableTo}, all ${count} logs further.`,
  );
  await using second = await startSecondInstance(placed, source.databaseName);
  await recoverAndOpen(second, source, placed, scn);
  tell.say(`Recovered until SCN ${scn}; opened with RESETLOGS.`);
  // UNTIL CHANGE n leaves what was committed before n.
  return await compareRows(second, await production.remembered(BigInt(scn) - 1n));
}

/** The number of logs; one that lies in several places has one name. */
function gatherLogs(backups: readonly ListedBackup[], into: string): number {
  mkdirSync(into);
  for (const { directory } of backups) {
    const from = join(directory, "logs");
    if (!existsSync(from)) continue;
    for (const name of readdirSync(from))
      copyFileSync(join(from, name), join(into, name), constants.COPYFILE_FICLONE);
  }
  return readdirSync(into).length;
}
