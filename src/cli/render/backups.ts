import { counted, formatBytes, formatDuration } from "../../domain/human.ts";
import { formatUtc, type Instant } from "../../domain/instant.ts";
import type { CatalogEntry } from "../../domain/journal.ts";
import { table } from "../table.ts";

/** The catalog, as `umbra list` prints it. */
export function backupsText(entries: readonly CatalogEntry[]): string {
  if (entries.length === 0) return "There is no backup in the catalog.";
  return table(
    [
      { title: "BACKUP", value: (one) => one.id },
      { title: "DATABASE", value: (one) => one.database },
      { title: "FINISHED", value: (one) => seconds(one.finishedAt) },
      { title: "WHAT", value: whatText },
      { title: "FILES", value: (one) => String(one.files), right: true },
      { title: "SIZE", value: (one) => formatBytes(one.bytes), right: true },
      { title: "RECOVERABLE FROM SCN", value: (one) => one.minimumRecoveryScn, right: true },
      { title: "TO SCN", value: (one) => one.recoverableToScn, right: true },
      { title: "VERIFIED", value: verifiedText },
    ],
    entries,
  );
}

/** One backup, for `umbra show`. */
export function backupText(entry: CatalogEntry): string {
  return table(
    [
      { title: "BACKUP", value: ([name]: readonly [string, string]) => name },
      { title: entry.id, value: ([, value]: readonly [string, string]) => value },
    ],
    [
      ["database", `${entry.database}, DBID ${entry.dbid}, resetlogs SCN ${entry.resetlogsScn}`],
      ["finished", formatUtc(entry.finishedAt)],
      ["what", `${(entry.onlyTablespaces ?? ["the whole database"]).join(", ")}${kindMark(entry)}`],
      ["directory", entry.directory],
      ...snapshotLines(entry),
      ["size", `${formatBytes(entry.bytes)} in ${counted(entry.files, "datafile")}`],
      ...recoverableLines(entry),
      ...snapshotTimeLines(entry),
      ...downtimeLines(entry),
      ["verified", verifiedText(entry)],
      ["manifest SHA-256", entry.manifestSha256],
    ],
  );
}

function snapshotLines({ snapshot }: CatalogEntry): readonly (readonly [string, string])[] {
  if (snapshot === undefined) return [];
  return [["snapshot", `${snapshot.name} of ${snapshot.volume}, storage ${snapshot.storage}`]];
}

/** A cold backup is consistent by itself; its SCN is the checkpoint of the shutdown. */
function recoverableLines(entry: CatalogEntry): readonly (readonly [string, string])[] {
  const { kind, neededFromScn, minimumRecoveryScn, recoverableToScn } = entry;
  if (kind === "cold") return [["consistent", `at SCN ${BigInt(minimumRecoveryScn) - 1n}, without logs`]];
  if (entry.dirty !== undefined)
    return [["recoverable", "nothing from it now: a run that rewrites its copies has not ended"]];
  return [
    ["logs from SCN", neededFromScn],
    ["recoverable", `from SCN ${minimumRecoveryScn} to SCN ${recoverableToScn} with its own logs`],
  ];
}

/** Nothing in the files tells it. */
function snapshotTimeLines({ snapshotTime }: CatalogEntry): readonly (readonly [string, string])[] {
  if (snapshotTime === undefined) return [];
  return [["recovered by", `RECOVER DATABASE … SNAPSHOT TIME '${snapshotTime}': no file was in backup mode`]];
}

function downtimeLines({ cold }: CatalogEntry): readonly (readonly [string, string])[] {
  if (cold === undefined) return [];
  const took = formatDuration(cold.downtimeMs);
  return [["downtime", `${took} from SHUTDOWN to the database as it was, in mode ${cold.mode}`]];
}

/** Moments as RFC 3339 in UTC; SCNs are text. */
export function backupData(entry: CatalogEntry): object {
  const verified = entry.verifiedAt === undefined ? {} : { verifiedAt: formatUtc(entry.verifiedAt) };
  return { ...entry, finishedAt: formatUtc(entry.finishedAt), ...verified };
}

/** A backup of some tablespaces does not restore a database by itself. */
function whatText(entry: CatalogEntry): string {
  const { onlyTablespaces } = entry;
  const what = onlyTablespaces === undefined ? "database" : counted(onlyTablespaces.length, "tablespace");
  return `${what}${kindMark(entry)}`;
}

function kindMark({ kind, snapshot, dirty }: CatalogEntry): string {
  if (kind === "cold") return ", cold";
  if (kind === "snapshot") return ", in snapshots of its own storage";
  if (kind !== "refreshed") return "";
  const what = snapshot === undefined ? ", live area" : ", snapshot";
  return dirty === undefined ? what : `${what}, ${counted(dirty, "file")} unfinished`;
}

function verifiedText(entry: CatalogEntry): string {
  if (entry.verifiedAt === undefined) return "never";
  return `${entry.verdict ?? "unknown"} at ${seconds(entry.verifiedAt)}`;
}

function seconds(at: Instant): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}
