import type { Facts } from "../domain/facts.ts";
import type { SnapshotBackupMode } from "../domain/plan.ts";
import type { PrimaryLook } from "../domain/primary-look.ts";
import type { Warning } from "../domain/refusal.ts";
import type { Treatment } from "./file-treatment.ts";
import { hotBackupWarnings } from "./hot-backup-warnings.ts";

/** What the user should know although the backup is made. */
export function snapshotBackupWarnings(
  facts: Facts,
  treatments: readonly Treatment[],
  look: PrimaryLook,
  mode: SnapshotBackupMode,
): readonly Warning[] {
  return [
    ...hotBackupWarnings(facts, treatments),
    ...sameStorage(look),
    ...severalMoments(look, mode),
    ...slowVolumes(look),
    ...alsoTaken(facts, look),
  ];
}

function sameStorage({ volumes }: PrimaryLook): readonly Warning[] {
  const names = [...new Set(volumes.map(({ storage }) => storage))].join(", ");
  const seen = `the snapshots stay on the database's own storage (${names}): what destroys it takes them too`;
  return [{ seen, todo: "keep other backups elsewhere: `umbra backup hot`, `umbra backup refresh`" }];
}

/** Rule 65: then backup mode must span all of them, and it does. */
function severalMoments({ volumes }: PrimaryLook, mode: SnapshotBackupMode): readonly Warning[] {
  const moments = new Set(volumes.map(({ storage, set }) => `${storage} ${set}`)).size;
  if (mode === "snapshot-time" || moments < 2) return [];
  const names = volumes.map(({ volume }) => volume).join(", ");
  const seen = `${names} cannot be taken at one moment: they are taken one after the other, and backup mode spans all of them`;
  return [{ rule: 65, seen, todo: "nothing: the backup is as good; it holds more redo" }];
}

function slowVolumes({ volumes }: PrimaryLook): readonly Warning[] {
  return volumes
    .filter(({ instant }) => !instant)
    .map(({ volume, remarks }) => ({
      rule: 39,
      seen: `backup mode lasts as long as a copy of ${volume}${remarks.length === 0 ? "" : `: ${remarks.join("; ")}`}`,
      todo: "put the datafiles on a file system that shares blocks or has snapshots, or use `umbra backup hot`",
    }));
}

/** Of whole volumes the snapshot holds more than datafiles. */
function alsoTaken({ controlfiles, onlineLogs }: Facts, { volumes }: PrimaryLook): readonly Warning[] {
  const others = [...controlfiles, ...onlineLogs.flatMap(({ members }) => members)];
  const there = others.filter((path) =>
    volumes.some(({ mountPoint, atomic }) => atomic && path.startsWith(`${mountPoint.replace(/\/$/, "")}/`)),
  );
  if (there.length === 0) return [];
  const seen = `the snapshots hold control files and online logs too: ${there.slice(0, 3).join(", ")}${there.length > 3 ? ", …" : ""}`;
  return [{ rule: 71, seen, todo: "never recover with those: the backup has its own control file and logs" }];
}
