import type { Facts } from "../domain/facts.ts";
import type { SnapshotBackupOptions } from "../domain/plan.ts";
import type { PrimaryLook } from "../domain/primary-look.ts";
import type { Refusal } from "../domain/refusal.ts";
import { isEnterprise } from "./edition.ts";

/** Every datafile must lie on a storage whose snapshots umbra can take. */
export function refusePlaces({ storages, nowhere }: PrimaryLook): readonly Refusal[] {
  if (storages.length === 0) {
    return [
      {
        code: "UMB-3151",
        seen: "no storage of the configuration takes snapshots on the database's host",
        todo: "name the storage of the datafiles below storages, with `snapshots:`; or use `umbra backup hot`",
      },
    ];
  }
  return nowhere.map(({ path, seen }) => ({
    code: "UMB-3152",
    seen: `${path} lies on no storage that takes snapshots: ${seen}`,
    todo: "add its storage to the configuration, with `snapshots:`, or move the file; or use `umbra backup hot`",
  }));
}

/** What a recovery with SNAPSHOT TIME rests on (rules 66, 67). */
export function refuseSnapshotTime(
  facts: Facts,
  look: PrimaryLook,
  options: SnapshotBackupOptions,
): readonly Refusal[] {
  return [...editionProblem(facts), ...momentProblems(look), ...suspendProblem(options)];
}

function editionProblem({ instances }: Facts): readonly Refusal[] {
  const [instance] = instances;
  const [major = 0, minor = 0] = (instance?.version ?? "0").split(".").map(Number);
  const todo = "leave --snapshot-time out: backup mode lasts for seconds only";
  if (major < 12 || (major === 12 && minor < 1)) {
    const seen = `the database is of version ${instance?.version ?? "unknown"}: SNAPSHOT TIME came with 12.1`;
    return [{ code: "UMB-3153", rule: 67, seen, todo }];
  }
  if (isEnterprise({ instances })) return [];
  const edition = instance?.edition ?? "unknown";
  const seen = `the database is of edition ${edition}: recovery with SNAPSHOT TIME needs Enterprise Edition`;
  return [{ code: "UMB-3153", rule: 67, seen, todo }];
}

/** All files at one moment: one storage, one set of volumes, and each of them as a whole. */
function momentProblems({ volumes }: PrimaryLook): readonly Refusal[] {
  const todo = "leave --snapshot-time out: backup mode spans all snapshots";
  const refused = (seen: string): Refusal => ({ code: "UMB-3154", rule: 66, seen, todo });
  const loose = volumes.filter(({ atomic }) => !atomic).map(({ volume }) => volume);
  const sets = new Map(volumes.map(({ storage, set, volume }) => [`${storage} ${set}`, volume]));
  return [
    ...(loose.length === 0
      ? []
      : [refused(`${loose.join(", ")}: its files are taken one after the other, not at one moment`)]),
    ...(sets.size < 2
      ? []
      : [
          refused(
            `the volumes ${volumes.map(({ volume }) => volume).join(", ")} cannot be taken at one moment`,
          ),
        ]),
  ];
}

function suspendProblem({ suspend }: SnapshotBackupOptions): readonly Refusal[] {
  if (suspend !== true) return [];
  return [
    {
      code: "UMB-3155",
      rule: 72,
      seen: "--suspend and --snapshot-time were asked for together, and only files in backup mode are suspended",
      todo: "leave one of them out",
    },
  ];
}
