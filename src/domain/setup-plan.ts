import type { FilePath, StepId } from "./names.ts";
import type { Warning } from "./refusal.ts";

/** One thing that `umbra setup` makes, or takes back. Each may be performed twice. */
export type SetupStep =
  | DatabaseSetupStep
  | { readonly kind: "make-directory"; readonly id: StepId; readonly path: FilePath }
  /** The file that says whose the live area is. */
  | { readonly kind: "mark-area"; readonly id: StepId; readonly path: FilePath }
  | { readonly kind: "remove-mark"; readonly id: StepId; readonly path: FilePath }
  /** Empty, or it stays. */
  | { readonly kind: "remove-directory"; readonly id: StepId; readonly path: FilePath };

/** What is set in the database itself, for RMAN. */
export type DatabaseSetupStep =
  /** `path`: of the tracking file. */
  | { readonly kind: "enable-change-tracking"; readonly id: StepId; readonly path: FilePath }
  | { readonly kind: "disable-change-tracking"; readonly id: StepId; readonly path: FilePath }
  /** RMAN's snapshot of the control file goes where every instance of a cluster reaches it. */
  | { readonly kind: "share-snapshot-controlfile"; readonly id: StepId; readonly path: FilePath }
  | { readonly kind: "reset-snapshot-controlfile"; readonly id: StepId; readonly path: FilePath };

export interface SnapshotControlfile {
  readonly path: FilePath;
  /** Nobody has set it. */
  readonly isDefault: boolean;
}

export interface SetupPlan {
  /** None: it is as it should be. */
  readonly steps: readonly SetupStep[];
  readonly warnings: readonly Warning[];
}

/** What is there of the live area, for setup and its undoing. */
export interface SetupLook {
  /** Directories of the live area that are there, and the mark. */
  readonly there: readonly FilePath[];
  /** Directories in which something is that setup did not make. */
  readonly filled: readonly FilePath[];
  /** Not marked as umbra's, and more than logs of the archiver is in it. */
  readonly foreign: boolean;
  /** Where RMAN puts its snapshot of the control file; absent where it does not matter, or cannot be known. */
  readonly snapshotControlfile?: SnapshotControlfile;
  /** The block change tracking file, for undoing; absent while tracking is off. */
  readonly changeTracking?: FilePath;
}
