import { counted, formatBytes } from "../../domain/human.ts";
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
      ["what", (entry.onlyTablespaces ?? ["the whole database"]).join(", ")],
      ["directory", entry.directory],
      ["size", `${formatBytes(entry.bytes)} in ${counted(entry.files, "datafile")}`],
      ["logs from SCN", entry.neededFromScn],
      [
        "recoverable",
        `from SCN ${entry.minimumRecoveryScn} to SCN ${entry.recoverableToScn} with its own logs`,
      ],
      ["verified", verifiedText(entry)],
      ["manifest SHA-256", entry.manifestSha256],
    ],
  );
}

/** Moments as RFC 3339 in UTC; SCNs are text. */
export function backupData(entry: CatalogEntry): object {
  const verified = entry.verifiedAt === undefined ? {} : { verifiedAt: formatUtc(entry.verifiedAt) };
  return { ...entry, finishedAt: formatUtc(entry.finishedAt), ...verified };
}

/** A backup of some tablespaces does not restore a database by itself. */
function whatText({ onlyTablespaces }: CatalogEntry): string {
  return onlyTablespaces === undefined ? "database" : counted(onlyTablespaces.length, "tablespace");
}

function verifiedText(entry: CatalogEntry): string {
  if (entry.verifiedAt === undefined) return "never";
  return `${entry.verdict ?? "unknown"} at ${seconds(entry.verifiedAt)}`;
}

function seconds(at: Instant): string {
  return formatUtc(at).replace(/\.\d+Z$/, "Z");
}
