import type { DatafileFacts } from "../domain/facts.ts";
import type { ManifestRedo } from "../domain/manifest.ts";
import type { StartupObligation } from "../domain/obligation.ts";
import type { CopyDatafile } from "../domain/step.ts";
import type { DatafileHeader } from "../formats/datafile-header.ts";
import type { InstanceStatus } from "../ports/instance.ts";
import type { Picture } from "../ports/picture.ts";
import type { Scn } from "../domain/scn.ts";

/** A datafile of the closed database, as its header on disk was read. */
export interface ProvedFile {
  readonly header: DatafileHeader;
  /** The first two blocks: whoever opens the file changes them. */
  readonly head: Buffer;
}

/** What the steps of a cold backup found out for the steps after them. */
export class ColdResults {
  /** STARTUP, from before SHUTDOWN until the saved state was proved. Kept here too, so that a full disk cannot hide it. */
  startup: StartupObligation | undefined;
  /** SHUTDOWN was never sent, or its answer was read: it cannot take effect any more. */
  shutdown: "answered" | "unknown" = "answered";
  /** The tool's own word that it is down; undefined where only looks told it. */
  down: InstanceStatus | undefined;
  /** The datafiles right before SHUTDOWN, by number: they may have grown since the plan. */
  readonly last = new Map<number, DatafileFacts>();
  readonly proved = new Map<number, ProvedFile>();
  /** The checkpoint that SHUTDOWN took; the highest one of a database whose files were at rest before. */
  checkpointScn: Scn | undefined;
  controlfileMembers = 0;
  /** v$instance.startup_time in MOUNT, the database host's local time. */
  startedAt: string | undefined;
  headersInMount = 0;
  /** Taken, or half taken: it must be removed. */
  pictureBegun = false;
  picture: Picture | undefined;
  /** Numbers of the files of which a copy was made while the database was open. */
  readonly preCopied = new Set<number>();
  /** Those of them that were brought up to date when it was closed; they are recorded when they were read again. */
  readonly forwarded = new Map<number, CopyDatafile>();
  readonly onlineRedo: ManifestRedo[] = [];
  /** Bytes that copies read, and the monotonic time of the first and the last. */
  copiedBytes = 0;
  copyFromMs: number | undefined;
  copyToMs: number | undefined;
}
