import type { ContainerName, FilePath, RunId, StepId } from "./names.ts";
import type { Refusal } from "./refusal.ts";

/** A statement and the container in which it is sent. */
export interface ContainedStatement {
  readonly container: ContainerName;
  readonly sql: string;
}

/** One thing that puts right what an interrupted run left. Each may be performed twice. */
export type ReconcileStep =
  | {
      readonly kind: "bring-back";
      readonly id: StepId;
      /** Id of the STARTUP obligation that is fulfilled. */
      readonly obligation: string;
      readonly run: RunId;
      /** As the instance was seen: down, nomount, mount, open, stopping; unknown where it could not be asked. */
      readonly found: string;
      /** v$database.open_mode before SHUTDOWN. */
      readonly openMode: string;
    }
  | {
      readonly kind: "end-backup";
      readonly id: StepId;
      /** Id of the obligation that is fulfilled. */
      readonly obligation: string;
      /** Files that the journal proves to be ours and that are ACTIVE; may be none. */
      readonly files: readonly number[];
      readonly statements: readonly ContainedStatement[];
    }
  | ReconcileSnapshotStep
  /** What the storage keeps of the datafiles under the run's name goes, whether it was taken or not. */
  | { readonly kind: "remove-picture"; readonly id: StepId; readonly run: RunId }
  /** The run had written its manifest: its backup goes into the catalog. */
  | { readonly kind: "adopt-backup"; readonly id: StepId; readonly run: RunId; readonly directory: FilePath }
  /** The run changed the live area: what it half wrote goes, the copies stay, and the catalog gets what is true. */
  | { readonly kind: "settle-area"; readonly id: StepId; readonly run: RunId; readonly directory: FilePath }
  | { readonly kind: "remove-run"; readonly id: StepId; readonly run: RunId; readonly directory: FilePath }
  /** The run is over, and what it used may go again. */
  | {
      readonly kind: "release-leases";
      readonly id: StepId;
      readonly run: RunId;
      readonly objects: readonly string[];
    }
  | {
      readonly kind: "close-run";
      readonly id: StepId;
      readonly run: RunId;
      readonly outcome: "done" | "interrupted";
    };

/** What is left of a backup by snapshots of the primary volumes. */
export type ReconcileSnapshotStep =
  /** ALTER SYSTEM RESUME. */
  | { readonly kind: "resume-io"; readonly id: StepId; readonly obligation: string; readonly run: RunId }
  /** A dead process read snapshots. */
  | { readonly kind: "hide-views"; readonly id: StepId; readonly obligation: string; readonly run: RunId }
  /** Snapshots of the primary volumes that a dead run asked for. */
  | {
      readonly kind: "delete-snapshots";
      readonly id: StepId;
      readonly obligation: string;
      readonly run: RunId;
      readonly snapshots: readonly string[];
    }
  /** A manifest names them. */
  | {
      readonly kind: "keep-snapshots";
      readonly id: StepId;
      readonly obligation: string;
      readonly run: RunId;
    };

export interface ReconcilePlan {
  readonly steps: readonly ReconcileStep[];
  /** What cannot be put right now, and stays open. */
  readonly left: readonly Refusal[];
}
