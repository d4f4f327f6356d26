import type { Instant } from "./instant.ts";
import type { DatabaseName, RunId, StepId } from "./names.ts";
import type { Warning } from "./refusal.ts";

/** What a run tells while it runs. Part of the public surface: the NDJSON output is these, one a line. */
export type UmbraEvent =
  | {
      readonly kind: "run-started";
      readonly at: Instant;
      readonly run: RunId;
      readonly database: DatabaseName;
      readonly plan: string;
      readonly steps: number;
      readonly bytes: number;
      readonly files?: number;
    }
  | { readonly kind: "warning"; readonly at: Instant; readonly run: RunId; readonly warning: Warning }
  | {
      readonly kind: "step-started";
      readonly at: Instant;
      readonly run: RunId;
      readonly step: StepId;
      readonly title: string;
    }
  | {
      readonly kind: "step-progress";
      readonly at: Instant;
      readonly run: RunId;
      readonly step: StepId;
      readonly bytes: number;
      readonly totalBytes: number;
      /** So long the database has been down; absent while it is up. */
      readonly downMs?: number;
    }
  | {
      readonly kind: "step-finished";
      readonly at: Instant;
      readonly run: RunId;
      readonly step: StepId;
      readonly title: string;
      readonly ms: number;
      readonly note?: string;
    }
  | {
      readonly kind: "step-failed";
      readonly at: Instant;
      readonly run: RunId;
      readonly step: StepId;
      readonly title: string;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly kind: "run-finished";
      readonly at: Instant;
      readonly run: RunId;
      readonly outcome: "done" | "failed" | "interrupted";
      readonly ms: number;
    };
