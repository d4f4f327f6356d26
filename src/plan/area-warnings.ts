import type { AreaLook } from "../domain/area-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { Warning } from "../domain/refusal.ts";
import { isEntryOf } from "./area-parent.ts";
import type { AreaAction } from "./area-steps.ts";
import { hotBackupWarnings } from "./hot-backup-warnings.ts";

export interface AreaWarningsInput {
  readonly facts: Facts;
  readonly look: AreaLook;
  readonly config: DatabaseConfig;
  readonly actions: readonly AreaAction[];
  readonly kind: "baseline" | "refresh";
}

/** What the user should know although the area is changed. */
export function areaWarnings(input: AreaWarningsInput): readonly Warning[] {
  const treatments = input.actions.map((action) => action.treatment);
  return [
    ...hotBackupWarnings(input.facts, treatments),
    ...newFiles(input),
    ...droppedFiles(input),
    ...leftDirty(input),
    ...withoutHistory(input),
    ...costlyHistory(input),
    ...notListed(input),
  ];
}

function newFiles({ actions, kind }: AreaWarningsInput): Warning[] {
  if (kind === "baseline") return [];
  return actions.flatMap((action) => {
    if (action.how !== "copy") return [];
    const { file, path, creationScn } = action.treatment.file;
    const seen = `datafile ${file} (${path}) was created at SCN ${creationScn}, after the last refresh: a full copy of it is made`;
    return [{ rule: 55, seen, todo: "nothing; the next refresh brings it forward" }];
  });
}

function droppedFiles({ facts, look }: AreaWarningsInput): Warning[] {
  const gone = (look.manifest?.datafiles ?? []).filter(
    (one) => !facts.datafiles.some((file) => isEntryOf(one, file)),
  );
  if (gone.length === 0) return [];
  const files = gone.map((one) => `${one.file} (${one.source})`).join(", ");
  const seen = `the database does not have datafile ${files} any more: the copy stays until the refresh after this one`;
  return [{ rule: 56, seen, todo: "if it was not meant to go, restore it from a snapshot of before" }];
}

function leftDirty({ look }: AreaWarningsInput): Warning[] {
  const dirty = look.manifest?.dirty ?? [];
  const [first] = dirty;
  if (first === undefined) return [];
  const files = dirty.map((one) => one.file).join(", ");
  const seen = `run ${first.run} did not finish: the copies of datafile ${files} are mixtures, and nothing can be restored from the live area now`;
  return [{ rule: 70, seen, todo: "nothing; this run compares them whole and makes them good" }];
}

function withoutHistory({ look, config }: AreaWarningsInput): Warning[] {
  if (look.canSnapshot || config.refresh.snapshot === "none") return [];
  const seen = "no storage is configured that takes snapshots of the live area: there is no history";
  return [{ seen, todo: "put the area on ZFS, btrfs or XFS, or set refresh.snapshot to none" }];
}

/** The files are found by hashes then, or by comparing. */
function notListed({ look }: AreaWarningsInput): Warning[] {
  const todo =
    "put the datafiles on a storage that lists changes and is configured, or set refresh.find to hashes";
  return (look.listed?.whyNot ?? []).map((seen) => ({ seen, todo }));
}

function costlyHistory({ look, kind }: AreaWarningsInput): Warning[] {
  if (look.fullCopies !== true || kind === "baseline") return [];
  const seen =
    "the file system of the live area cannot share blocks: each snapshot is a full copy, in time and in space";
  return [{ seen, todo: "put the area on ZFS, btrfs or XFS, or set refresh.snapshot to none" }];
}
