import type { ScnInterval } from "./coverage.ts";
import type { Instant } from "./instant.ts";
import type { CatalogEntry } from "./journal.ts";
import type { DatabaseName, RunId } from "./names.ts";

export const PERIODS = ["hourly", "daily", "weekly", "monthly", "yearly"] as const;
export type Period = (typeof PERIODS)[number];

/** What stays. A rule that is absent keeps nothing. */
export interface RetentionPolicy {
  /** Zone whose hours and days count, as `Europe/Berlin`. */
  readonly zone: string;
  /** The newest good object of each of the last n periods that have one: where backups stop, nothing ages. */
  readonly keep: Readonly<Partial<Record<Period, number>>>;
  /** Everything that is not older than this, measured from the newest good object. Milliseconds. */
  readonly keepWithinMs?: number;
  /** The newest so many good objects stay whatever else is said; at least 1. */
  readonly minimumGood: number;
  /** The newest so many objects that a restore has proven. */
  readonly minimumProven: number;
}

/** A backup or snapshot, as retention sees it. */
export interface RetentionObject {
  readonly id: string;
  readonly takenAt: Instant;
  /** Complete, and not found damaged. */
  readonly good: boolean;
  /** Restored and compared. */
  readonly proven: boolean;
  readonly holds: readonly Hold[];
  /** Restores, clones and proofs that use it now. */
  readonly usedBy: readonly string[];
  /** Why umbra cannot judge it now: its storage is not mounted, its manifest cannot be read, it is another umbra's. */
  readonly unseen?: string;
}

/** Somebody's reason that an object, and the redo it needs, stay. */
export interface Hold {
  readonly id: string;
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** Absent: until it is released. */
  readonly expiresAt?: Instant;
}

/** It keeps its object: it has not expired. */
export function isInForce({ expiresAt }: Pick<Hold, "expiresAt">, now: Instant): boolean {
  return expiresAt === undefined || expiresAt > now;
}

/** Each object gets a sentence why it stays or goes. */
export interface RetentionVerdict {
  readonly id: string;
  readonly stays: boolean;
  readonly why: readonly string[];
}

export interface RetentionPlan {
  /** Oldest first. */
  readonly verdicts: readonly RetentionVerdict[];
  readonly before: readonly ScnInterval[];
  readonly after: readonly ScnInterval[];
  /** What can be restored now and could not afterwards; none of it is protected. */
  readonly given: readonly ScnInterval[];
}

/** Something reads an object now: nothing removes it until the lease is given back. */
export interface Lease {
  /** `<run>/<object>`. */
  readonly id: string;
  readonly database: DatabaseName;
  readonly object: string;
  /** For people: `restore 20261121T…`, `clone test1`. */
  readonly user: string;
  readonly run: RunId;
  readonly takenAt: Instant;
}

/** A restore that brought an object back and compared it. */
export interface Proof {
  readonly database: DatabaseName;
  readonly object: string;
  readonly run: RunId;
  readonly at: Instant;
}

/** An object that goes: still there and whole until `removeFrom`, and as long as its removal has not begun. */
export interface Tombstone {
  readonly object: string;
  readonly database: DatabaseName;
  /** The run that decided it. */
  readonly run: RunId;
  /** What a policy decided it takes back as well; what a person decided waits for that person. */
  readonly decidedBy: "policy" | "person";
  readonly why: readonly string[];
  /** As the catalog had it: it is not in there any more once the removal has begun. */
  readonly entry: CatalogEntry;
  readonly markedAt: Instant;
  readonly removeFrom: Instant;
  /** From here on it cannot be undone. */
  readonly removingAt?: Instant;
  readonly removedAt?: Instant;
}
