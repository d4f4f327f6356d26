import type { FilePath, StepId } from "./names.ts";
import type { Scn } from "./scn.ts";
import type { SnapshotName, VolumeId } from "./snapshot.ts";
import type { PlannedFile, Protection } from "./step.ts";

/** Steps that only a backup by snapshots of the primary volumes has. */
export type SnapshotStep = SnapshotVolumes | SuspendIo | ResumeIo | CheckSnapshots | ReadSnapshots;

/** A table, so that a new kind does not compile until it is here. */
const KINDS: { readonly [K in SnapshotStep["kind"]]: true } = {
  "snapshot-volumes": true,
  "suspend-io": true,
  "resume-io": true,
  "check-snapshots": true,
  "read-snapshots": true,
};

export function isSnapshotStep(step: { readonly kind: string }): step is SnapshotStep {
  return Object.hasOwn(KINDS, step.kind);
}

/** The storage keeps volumes of the database as they are now: at one moment, or one after the other. */
export interface SnapshotVolumes {
  readonly kind: "snapshot-volumes";
  readonly id: StepId;
  readonly storage: string;
  readonly name: SnapshotName;
  /** All volumes by one call of the storage's. */
  readonly atOnce: boolean;
  readonly volumes: readonly { readonly volume: VolumeId; readonly paths: readonly FilePath[] }[];
  /** What keeps the files recoverable meanwhile; absent with SNAPSHOT TIME. */
  readonly begin?: StepId;
}

/** ALTER SYSTEM SUSPEND, of files that are in backup mode (rule 72). */
interface SuspendIo {
  readonly kind: "suspend-io";
  readonly id: StepId;
  readonly begin: StepId;
}

interface ResumeIo {
  readonly kind: "resume-io";
  readonly id: StepId;
}

/** A datafile in a snapshot of its volume. */
export interface SnapshottedFile extends PlannedFile {
  readonly storage: string;
  readonly volume: VolumeId;
  readonly snapshot: SnapshotName;
  /** Below the volume's mount point, and so below the view. */
  readonly inside: string;
  /** What a copy of it is called below the backup's directory. */
  readonly name: string;
  readonly relativeFile: number;
  readonly bigfile: boolean;
  readonly blockSize: number;
  readonly checkpointScn: Scn;
  readonly protection: Protection;
}

/** The headers in the snapshots are what the database said of the files (rule 128). */
interface CheckSnapshots {
  readonly kind: "check-snapshots";
  readonly id: StepId;
  readonly files: readonly SnapshottedFile[];
}

/** Reads every block in the snapshots. */
interface ReadSnapshots {
  readonly kind: "read-snapshots";
  readonly id: StepId;
  readonly width: number;
}
