import { formatUtc } from "../domain/instant.ts";
import type { SnapshotPlace } from "../domain/journal.ts";
import type { FilePath } from "../domain/names.ts";
import type { Tombstone } from "../domain/retention.ts";
import { below } from "../plan/backup-layout.ts";
import type { Host, HostOptions } from "../ports/host.ts";

/** In the directory of a backup that goes. The state decides; this tells people, and what is left to remove. */
export const TOMBSTONE_NAME = "umbra-tombstone.json";

/** More than any list of files is; what is longer was not written by umbra. */
const MOST_BYTES = 256 * 2 ** 20;

/** What a removal that begins takes away. */
export interface ToRemove {
  /** Below the backup's directory. */
  readonly files: readonly string[];
  /** Of the volumes of the database, where the datafiles are in them. */
  readonly snapshots: readonly SnapshotPlace[];
}

/** Durable when it has answered. */
export async function writeTombstone(
  host: Host,
  { object, entry, run, why, markedAt, removeFrom }: Tombstone,
  options: HostOptions,
  toRemove?: ToRemove,
): Promise<void> {
  const text = {
    umbra: 1,
    backup: object,
    run,
    why,
    markedAt: formatUtc(markedAt),
    removeFrom: formatUtc(removeFrom),
    ...toRemove,
  };
  const path = tombstonePath(entry.directory);
  await host.writeAtomically(path, `${JSON.stringify(text, undefined, 2)}\n`, options);
}

export function tombstonePath(directory: FilePath): FilePath {
  return below(directory, TOMBSTONE_NAME);
}

/** What was noted to be removed; undefined where a removal has not noted it. */
export async function notedInTombstone(
  host: Host,
  { object, entry }: Tombstone,
  options: HostOptions,
): Promise<ToRemove | undefined> {
  const path = tombstonePath(entry.directory);
  const stat = await host.stat(path, options);
  if (stat === undefined || stat.bytes > MOST_BYTES) return undefined;
  const bytes = await host.read(path, { offset: 0, length: stat.bytes }, options);
  const { backup, files, snapshots } = objectIn(bytes.toString("utf8"));
  if (backup !== object || !Array.isArray(files) || !Array.isArray(snapshots)) return undefined;
  if (!files.every((file) => typeof file === "string")) return undefined;
  // Each one is proved by its own tag before it is deleted.
  return { files, snapshots: snapshots as readonly SnapshotPlace[] };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
