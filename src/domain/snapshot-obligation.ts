import type { Instant } from "./instant.ts";
import type { DatabaseName, RunId } from "./names.ts";
import type { SessionIdentity } from "./obligation.ts";
import type { OwnershipTag, SnapshotName, VolumeId } from "./snapshot.ts";

/** What a backup by snapshots of the primary volumes owes besides END BACKUP. On stable storage before it is asked for. */
export type SnapshotObligation = ResumeObligation | DeleteSnapshots | HideViews;

interface Owed {
  /** `<run>/<what>`: the same step never makes two. */
  readonly id: string;
  readonly run: RunId;
  readonly database: DatabaseName;
  readonly openedAt: Instant;
}

/** ALTER SYSTEM RESUME (rule 72). */
export interface ResumeObligation extends Owed {
  readonly kind: "resume";
  /** The instances that are suspended with it. One that started later is not: it is told by its start. */
  readonly instances: readonly InstanceStart[];
  /** The session that sent SUSPEND, and how long that may take; absent where it could not be known. */
  readonly session?: SessionIdentity;
  readonly deadlineMs: number;
}

export interface InstanceStart {
  readonly instance: number;
  /** The database host's local time, without a zone. */
  readonly startedAt: string;
}

/** Snapshots that were asked for: they go, unless the manifest of their run names them. */
export interface DeleteSnapshots extends Owed {
  readonly kind: "delete-snapshots";
  readonly snapshots: readonly AskedSnapshot[];
  /** A storage may take a snapshot so long after it was asked: until then it is looked for again. */
  readonly deadlineMs: number;
}

/** Views of snapshots that are shown for reading. */
export interface HideViews extends Owed {
  readonly kind: "hide-views";
  readonly snapshots: readonly AskedSnapshot[];
  /** Who reads; while that process lives nothing is hidden. */
  readonly reader: { readonly pid: number; readonly bootId: string; readonly started: string };
}

export interface AskedSnapshot {
  readonly storage: string;
  readonly volume: VolumeId;
  readonly name: SnapshotName;
  readonly tag: OwnershipTag;
}
