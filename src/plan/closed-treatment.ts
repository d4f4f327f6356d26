import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { ManifestKeptFile } from "../domain/manifest.ts";
import { formatScn } from "../domain/scn.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { ClosedState } from "../domain/step.ts";
import { type Treatment, treatmentOf } from "./file-treatment.ts";
import { copyBytes } from "./hot-backup.ts";
import { restCheckpoint } from "./rest-checkpoint.ts";

/** How one datafile of a database that will be closed is dealt with. */
export type ClosedTreatment =
  | { readonly how: "copied"; readonly file: DatafileFacts; readonly state: ClosedState }
  | { readonly how: "kept"; readonly file: DatafileFacts; readonly copy: ManifestKeptFile }
  | { readonly how: "refused"; readonly refusal: Refusal };

/** One that a plan can be made of. */
export type PlannedTreatment = Exclude<ClosedTreatment, { readonly how: "refused" }>;

/** Judges a file by its state and its container's (rules 14, 30, 33, 105). */
export function closedTreatmentOf(
  file: DatafileFacts,
  facts: Facts,
  kept: readonly ManifestKeptFile[],
): ClosedTreatment {
  const treatment = treatmentOf(file, isApplied(facts) ? asWritten(facts) : facts, "per-tablespace");
  if (treatment.how === "refused") return { how: "refused", refusal: inOwnWords(treatment, file) };
  // What would be put into backup mode is written, and gets its checkpoint from SHUTDOWN.
  if (treatment.how === "in-backup-mode") return { how: "copied", file, state: "checkpointed" };
  if (treatment.why === "offline-needs-recovery") return { how: "copied", file, state: treatment.why };
  const copy = treatment.why === "read-only" ? kept.find((one) => isSame(one, file)) : undefined;
  return copy === undefined ? { how: "copied", file, state: "at-rest" } : { how: "kept", file, copy };
}

/** Redo is applied to the files of a standby whatever its containers' open modes are. */
function asWritten(facts: Facts): Facts {
  const containers = facts.containers.map((one) => ({ ...one, openMode: "READ WRITE" }));
  return { ...facts, containers };
}

function isApplied({ identity }: Facts): boolean {
  return identity.role === "PHYSICAL STANDBY";
}

/** SHUTDOWN does not make files consistent that were left by a crash (rule 17). */
function inOwnWords({ refusal }: Extract<Treatment, { how: "refused" }>, file: DatafileFacts): Refusal {
  if (refusal.code !== "UMB-3110") return refusal;
  return {
    code: "UMB-3123",
    rule: 17,
    seen: `datafile ${file.file} of ${file.container}:${file.tablespace} (${file.path}) is closed and needs recovery`,
    todo: `open ${file.container} read write, so that it is recovered, then run the backup again`,
  };
}

/** Unchanged since it was copied: the same file, checkpoint and size (rule 30). */
function isSame(copy: ManifestKeptFile, file: DatafileFacts): boolean {
  return (
    copy.file === file.file &&
    copy.creationScn === formatScn(file.creationScn) &&
    copy.checkpointScn === formatScn(restCheckpoint(file)) &&
    copy.bytes === copyBytes(file)
  );
}
