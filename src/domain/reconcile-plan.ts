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
      readonly kind: "end-backup";
      readonly id: StepId;
      /** Id of the obligation that is fulfilled. */
      readonly obligation: string;
      /** Files that the journal proves to be ours and that are ACTIVE; may be none. */
      readonly files: readonly number[];
      readonly statements: readonly ContainedStatement[];
    }
  /** The run had written its manifest: its backup goes into the catalog. */
  | { readonly kind: "adopt-backup"; readonly id: StepId; readonly run: RunId; readonly directory: FilePath }
  | { readonly kind: "remove-run"; readonly id: StepId; readonly run: RunId; readonly directory: FilePath }
  | {
      readonly kind: "close-run";
      readonly id: StepId;
      readonly run: RunId;
      readonly outcome: "done" | "interrupted";
    };

export interface ReconcilePlan {
  readonly steps: readonly ReconcileStep[];
  /** What cannot be put right now, and stays open. */
  readonly left: readonly Refusal[];
}
