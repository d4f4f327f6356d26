import type { Brand } from "./brand.ts";
import type { Instant } from "./instant.ts";
import { parseStamp } from "./instant.ts";
import type { DatabaseName, FilePath, RunId } from "./names.ts";

/**
 * Name of a snapshot of umbra's: `umbra-<run>`, with `.<label>` where a run takes several. A run's id begins with its UTC:
 * `umbra-20261121T151600Z-refresh-4f2a91.before`.
 */
export type SnapshotName = Brand<string, "SnapshotName">;
/** What the storage calls the thing that is snapshotted as a whole; unique inside one configured storage. */
export type VolumeId = Brand<string, "VolumeId">;

/** Whose a snapshot is: written with it, and read back before it is deleted. */
export interface OwnershipTag {
  /** The installation of umbra. */
  readonly agent: string;
  readonly database: DatabaseName;
  readonly run: RunId;
}

/** What is snapshotted as a whole: a ZFS dataset, a btrfs subvolume, a file system, a volume of an appliance. */
export interface Volume {
  readonly id: VolumeId;
  /** Where its files are on the storage's host, without a slash at the end. */
  readonly mountPoint: FilePath;
}

export interface SnapshotRef {
  readonly volume: VolumeId;
  readonly name: SnapshotName;
}

export interface Snapshot extends SnapshotRef {
  /** The storage's own identity of it (guid, uuid, path): a name can come back, this cannot. */
  readonly id: string;
  /** By the storage's clock, which may only know whole seconds. Orders nothing by itself: see `sequence`. */
  readonly createdAt: Instant;
  /** Grows with each snapshot of the volume, whatever any clock says; absent where the storage has no such number. */
  readonly sequence?: bigint;
  /** Absent: it is not umbra's, and umbra never touches it. */
  readonly tag?: OwnershipTag;
  /** Holds and clones that keep it, as a person can find them: `hold keep-quarter`, `clone tank/test1`. */
  readonly heldBy: readonly string[];
  /** What deleting it alone would free; absent where the storage cannot say it cheaply. */
  readonly uniqueBytes?: number;
}

/** What a clone is called that is only there to read the snapshot: hiding takes it away. */
export function viewName(name: SnapshotName): string {
  return `umbra-view-${name}`;
}

/** Who keeps a snapshot beside its view, which keeps nobody from deleting it. */
export function keepersOf({ name, heldBy }: Pick<Snapshot, "name" | "heldBy">): readonly string[] {
  return heldBy.filter((holder) => !holder.endsWith(`/${viewName(name)}`));
}

export interface SnapshotNameParts {
  /** When its run began; in names of before version 1.0 when it was planned. */
  readonly at: Instant;
  readonly run: RunId;
  /** Tells snapshots of one run apart: `before`, `after`. Lower-case letters and digits. */
  readonly label?: string;
}

/**
 * The name that a planner gives a snapshot. A run's id has its UTC, so no summer time is in it, and its end keeps two names
 * apart when the clock was set back. Every storage takes these characters, and no name of a run is longer than 64 of them.
 */
export function formatSnapshotName({ run, label }: Omit<SnapshotNameParts, "at">): SnapshotName {
  return `umbra-${run}${label === undefined ? "" : `.${label}`}` as SnapshotName;
}

/** Of a run's id, and of an older name, which had the UTC once more before it. */
const STAMP = String.raw`\d{8}T\d{6}Z`;
const NAME = new RegExp(`^umbra-(${STAMP})-((?:${STAMP}-)?)([0-9A-Za-z-]+)(?:\\.([0-9a-z]+))?$`);

/** undefined for every name that `formatSnapshotName` cannot have made: it is somebody else's. */
export function parseSnapshotName(text: string): SnapshotNameParts | undefined {
  const match = NAME.exec(text);
  if (match === null) return undefined;
  const [, stamp = "", own = "", rest = "", label] = match;
  const at = parseStamp(stamp);
  if (at === undefined) return undefined;
  const run = (own === "" ? `${stamp}-${rest}` : `${own}${rest}`) as RunId;
  return { at, run, ...(label === undefined ? {} : { label }) };
}

/** Of the primary volumes, in a backup by snapshots; several storages have a number each. All others are of the live area. */
export function primaryLabel(ordinal: number): string {
  return ordinal === 0 ? "data" : `data${ordinal + 1}`;
}

/** Taken of the live area, by its name; on one volume with the database's files only the label tells. */
export function isOfArea(name: SnapshotName): boolean {
  const parts = parseSnapshotName(name);
  return parts !== undefined && !/^data\d*$/.test(parts.label ?? "");
}

/** One line without a tab, so that it fits a property, an attribute and a line of a file. */
export function formatTag({ agent, database, run }: OwnershipTag): string {
  return JSON.stringify({ umbra: 1, agent, database, run });
}

/** undefined for every text that is not exactly a tag of umbra's. */
export function parseTag(text: string): OwnershipTag | undefined {
  const { umbra, agent, database, run } = objectIn(text);
  if (umbra !== 1 || typeof agent !== "string") return undefined;
  if (typeof database !== "string" || typeof run !== "string") return undefined;
  return { agent, database: database as DatabaseName, run: run as RunId };
}

export function sameTag(a: OwnershipTag, b: OwnershipTag): boolean {
  return a.agent === b.agent && a.database === b.database && a.run === b.run;
}

/** Oldest first: by the storage's own sequence, else by its time; names decide between equals. */
export function inOrderOfCreation(snapshots: readonly Snapshot[]): readonly Snapshot[] {
  return snapshots.toSorted(
    (a, b) =>
      compare(a.sequence ?? 0n, b.sequence ?? 0n) || a.createdAt - b.createdAt || compare(a.name, b.name),
  );
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
