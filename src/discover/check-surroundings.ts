import type { ArchiveDestinationFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import { formatBytes } from "../domain/human.ts";
import { copyBytes } from "../plan/hot-backup.ts";
import { predictedBytes } from "../plan/refuse-area.ts";
import { isLocal } from "./archive-destinations.ts";
import { checked, type CheckItem } from "./check-item.ts";

/** A difference that no NTP client leaves; names and ages of backups are compared between the hosts. */
const SKEW_MS = 5_000;

/** The backup area, the archive destinations and the clocks. */
export function surroundingItems(facts: Facts, database: DatabaseConfig): CheckItem[] {
  return [...areaItems(facts, database), ...destinationItems(facts), clockItem(facts)];
}

function areaItems(facts: Facts, { backup }: DatabaseConfig): CheckItem[] {
  const area = facts.backupArea;
  if (area === undefined) return [];
  if (!area.parentExists) {
    const seen = `${area.path}: the storage's directory above it is not there`;
    return [checked("backup area", false, seen, { todo: "mount the storage, or correct its path" })];
  }
  const datafileBytes = facts.datafiles.reduce((sum, file) => sum + copyBytes(file), 0);
  const wanted = predictedBytes(facts, datafileBytes) + backup.spareBytes;
  const space = `${formatBytes(area.freeBytes)} free, ${formatBytes(wanted)} wanted`;
  return [
    checked("backup area", area.writable, `${area.path}${area.exists ? "" : " (not there yet)"}`, {
      todo: "umbra's user must be able to create directories and files there: check the mount, the owner and the rights",
    }),
    checked("free space", area.freeBytes >= wanted, space, {
      todo: "enlarge the storage, or remove backups that are not needed any more",
    }),
    checked(
      "own storage",
      area.sharedWith.length === 0,
      area.sharedWith.join(", ") || "apart from the datafiles",
      {
        severity: "warning",
        todo: "the backup lies on the same file system as these datafiles and is lost with them: use other storage",
      },
    ),
  ];
}

function destinationItems({ archiveDestinations }: Facts): CheckItem[] {
  const local = archiveDestinations.filter((one) => isLocal(one) && one.status === "VALID");
  const first = checked(
    "local archive destination",
    local.length > 0,
    local.map(described).join("; ") || "none",
    {
      rule: 98,
      todo: "set log_archive_dest_n to a directory on the database host: umbra takes the logs from there",
    },
  );
  const sick = archiveDestinations.filter((one) => one.status !== "VALID" || one.error !== undefined);
  const seen = sick.map(described).join("; ") || "all are valid";
  return [
    first,
    checked("archive destinations", sick.length === 0, seen, {
      severity: "warning",
      rule: 98,
      todo: "look at v$archive_dest.error: redo that is archived nowhere stops the database in the end",
    }),
  ];
}

function described(one: ArchiveDestinationFacts): string {
  return `${one.id} ${one.destination} ${one.status}${one.error === undefined ? "" : ` (${one.error})`}`;
}

function clockItem({ clock }: Facts): CheckItem {
  const apart = Math.abs(clock.skewMs) - clock.uncertaintyMs;
  const seen = `${clock.skewMs} ms ± ${clock.uncertaintyMs} ms, database host at UTC${clock.offset}`;
  return checked("clocks", apart <= SKEW_MS, seen, {
    severity: "warning",
    rule: 124,
    todo: "synchronise the clocks of both hosts (chrony, ntpd): times of backups are compared between them",
  });
}
