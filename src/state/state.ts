import type { AgentName } from "./agent-name.ts";
import type { Catalog } from "./catalog.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { Holds } from "./holds.ts";
import type { Journal } from "./journal.ts";
import type { Leases } from "./leases.ts";
import type { Locks } from "./locks.ts";
import type { LogDestinations } from "./log-destinations.ts";
import type { LogFiles } from "./log-files.ts";
import type { LogMarks } from "./log-marks.ts";
import type { Obligations } from "./obligations.ts";
import type { Proofs } from "./proofs.ts";
import type { SnapshotObligations } from "./snapshot-obligations.ts";
import type { Startups } from "./startups.ts";
import type { Tombstones } from "./tombstones.ts";

/**
 * umbra's own durable state: journal, obligations, locks, catalog. Every write is on stable storage when it resolves
 * (SQLite, WAL, synchronous=FULL). The catalog can be made again from the manifests; the rest dies with it.
 */
export interface State extends Disposable {
  readonly path: string;
  readonly journal: Journal;
  /** END BACKUP. */
  readonly obligations: Obligations;
  /** STARTUP. */
  readonly startups: Startups;
  /** RESUME, and the end of snapshots and views. */
  readonly snapshotObligations: SnapshotObligations;
  readonly agentName: AgentName;
  readonly locks: Locks;
  readonly catalog: Catalog;
  readonly heartbeats: Heartbeats;
  readonly holds: Holds;
  /** Of restores, clones and proofs. */
  readonly leases: Leases;
  readonly proofs: Proofs;
  /** What goes. */
  readonly tombstones: Tombstones;
  /** umbra's own archive destinations, and the ENABLE that they are owed. */
  readonly logDestinations: LogDestinations;
  readonly logFiles: LogFiles;
  /** Archived logs that go. */
  readonly logMarks: LogMarks;
}
