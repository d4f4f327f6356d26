import type { FilePath, StepId } from "./names.ts";
import type { Warning } from "./refusal.ts";

/** One thing that `umbra setup` makes, or takes back. Each may be performed twice. */
export type SetupStep =
  | { readonly kind: "make-directory"; readonly id: StepId; readonly path: FilePath }
  /** The file that says whose the live area is. */
  | { readonly kind: "mark-area"; readonly id: StepId; readonly path: FilePath }
  | { readonly kind: "remove-mark"; readonly id: StepId; readonly path: FilePath }
  /** Empty, or it stays. */
  | { readonly kind: "remove-directory"; readonly id: StepId; readonly path: FilePath };

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
}
