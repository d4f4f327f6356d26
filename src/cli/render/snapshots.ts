import { formatBytes } from "../../domain/human.ts";
import { formatUtc, type Instant } from "../../domain/instant.ts";
import type { CatalogEntry } from "../../domain/journal.ts";
import { parseSnapshotName, type Snapshot, type VolumeId } from "../../domain/snapshot.ts";
import type { ListedSnapshot } from "../../run/snapshot-list.ts";
import { table } from "../table.ts";

interface Found {
  readonly listed: readonly ListedSnapshot[];
  readonly lost: readonly CatalogEntry[];
}

/** Snapshots of one database's live area. */
export function listedText({ listed, lost }: Found): string {
  const gone = [
    ...listed.flatMap(({ entry, snapshot }) => (entry === undefined ? [strayText(snapshot)] : [])),
    ...lost.map(({ id }) => `${id} is in the catalog, and not on its storage any more.`),
  ];
  if (listed.length === 0) return ["There is no snapshot of the live area.", ...gone].join("\n");
  const rows = table(
    [
      { title: "SNAPSHOT", value: ({ snapshot }: ListedSnapshot) => snapshot.name },
      { title: "TAKEN", value: ({ snapshot }: ListedSnapshot) => seconds(takenAt(snapshot)) },
      { title: "TO SCN", value: ({ entry }: ListedSnapshot) => entry?.recoverableToScn ?? "?", right: true },
      { title: "OWN SPACE", value: ({ snapshot }: ListedSnapshot) => spaceText(snapshot), right: true },
      { title: "STATE", value: stateText },
    ],
    listed,
  );
  return [rows, ...gone].join("\n");
}

/** Its run died before it was noted, or nobody can tell what lies in it. */
function strayText({ name, tag }: Snapshot): string {
  const rebuild = `\`umbra catalog rebuild${tag === undefined ? "" : ` ${tag.database}`}\``;
  return `${name} is not in the catalog, so retention leaves it alone: ${rebuild} takes it in, or says why not. What cannot be taken in is deleted with the storage's own commands.`;
}

function stateText({ entry, holds, snapshot, tombstone }: ListedSnapshot): string {
  const known = new Set(holds.map(({ id }) => `hold ${id}`));
  const parts = [
    ...holds.map(({ id, owner }) => `held by ${owner} (${id})`),
    ...snapshot.heldBy.filter((holder) => !known.has(holder)).map((holder) => `kept by ${holder}`),
    ...(tombstone === undefined ? [] : [`goes from ${seconds(tombstone.removeFrom)} on`]),
    ...(entry === undefined ? ["not in the catalog"] : []),
    ...(entry?.dirty === undefined ? [] : ["half rewritten copies"]),
  ];
  return parts.length === 0 ? "good" : parts.join("; ");
}

/** All snapshots of a volume, whoever made them. */
export function volumeText({
  volume,
  snapshots,
}: {
  readonly volume: VolumeId;
  readonly snapshots: readonly Snapshot[];
}): string {
  if (snapshots.length === 0) return `There is no snapshot of ${volume}.`;
  return table(
    [
      { title: "SNAPSHOT", value: ({ name }) => name },
      { title: "CREATED", value: ({ createdAt }) => seconds(createdAt) },
      {
        title: "OWNER",
        value: ({ tag }) =>
          tag === undefined ? "not umbra's" : `${tag.database}, run ${tag.run} (agent ${tag.agent})`,
      },
      { title: "OWN SPACE", value: spaceText, right: true },
      { title: "KEPT BY", value: ({ heldBy }) => heldBy.join(", ") },
    ],
    snapshots,
  );
}

export function listedData(database: string, { listed, lost }: Found): object {
  return {
    database,
    snapshots: listed.map(({ storage, snapshot, entry, holds, tombstone }) => ({
      storage,
      ...plain(snapshot),
      catalogued: entry !== undefined,
      ...(entry === undefined ? {} : { recoverableToScn: entry.recoverableToScn }),
      holds: holds.map(({ id, owner, reason }) => ({ id, owner, reason })),
      ...(tombstone === undefined ? {} : { goesFrom: formatUtc(tombstone.removeFrom) }),
    })),
    lost: lost.map(({ id }) => id),
  };
}

export function volumeData(
  storage: string,
  { volume, snapshots }: { readonly volume: VolumeId; readonly snapshots: readonly Snapshot[] },
): object {
  return { storage, volume, snapshots: snapshots.map(plain) };
}

function plain({ sequence, createdAt, ...snapshot }: Snapshot): object {
  const order = sequence === undefined ? {} : { sequence: String(sequence) };
  return { ...snapshot, createdAt: formatUtc(createdAt), ...order };
}

/** Of umbra's the time in the name: the storage's clock is another one. */
function takenAt({ name, createdAt }: Snapshot): Instant {
  return parseSnapshotName(name)?.at ?? createdAt;
}

function spaceText({ uniqueBytes }: Snapshot): string {
  return uniqueBytes === undefined ? "?" : formatBytes(uniqueBytes);
}

function seconds(at: Instant): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}
