import type { DatafileFacts, Facts, OnlineLogFacts, TablespaceFacts } from "../../domain/facts.ts";
import { formatBytes } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { StorageMap } from "../../discover/storage-map.ts";
import { section, table } from "../table.ts";
import { storageMapData, storageMapText, volumeNames } from "./storage-map.ts";

/** What is in the database and what it lies on, for people. */
export function inventoryText(facts: Facts, storage: StorageMap): string {
  return [
    identityText(facts),
    section("Containers", containersText(facts)),
    section("Tablespaces", tablespacesText(facts)),
    section("Datafiles", datafilesText(facts, storage)),
    section("Temp files (recorded, never copied)", tempfilesText(facts)),
    section("Redo threads", threadsText(facts)),
    section("Archive destinations", destinationsText(facts)),
    section("Other files", otherFilesText(facts)),
    storageMapText(storage),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The facts with their moments as RFC 3339 in UTC. SCNs are text, sizes are bytes. */
export function inventoryData(facts: Facts, storage: StorageMap): object {
  const clock = { ...facts.clock, databaseUtc: formatUtc(facts.clock.databaseUtc) };
  return { ...facts, readAt: formatUtc(facts.readAt), clock, storageMap: storageMapData(storage) };
}

function identityText(facts: Facts): string {
  const { identity } = facts;
  const version = [...new Set(facts.instances.map((one) => one.version))].join(", ");
  const bytes = facts.datafiles.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${identity.name} (${identity.uniqueName}), DBID ${identity.dbid}, Oracle ${version}`,
    `${identity.role}, ${identity.openMode}, ${identity.logMode}, ${identity.cdb ? "CDB" : "no containers"}, ${formatBytes(bytes)} in ${facts.datafiles.length} datafiles`,
    `SCN ${identity.currentScn}, resetlogs SCN ${identity.resetlogsScn}, clock ${skewText(facts.clock)}`,
  ].join("\n");
}

function skewText({ skewMs, uncertaintyMs }: Facts["clock"]): string {
  return `${Math.abs(skewMs)} ms ${skewMs < 0 ? "behind" : "ahead of"} this host's (± ${uncertaintyMs} ms)`;
}

function containersText(facts: Facts): string {
  return table(
    [
      { title: "ID", value: (one) => String(one.id), right: true },
      { title: "NAME", value: (one) => one.name },
      { title: "OPEN MODE", value: (one) => one.openMode },
    ],
    facts.containers,
  );
}

function tablespacesText(facts: Facts): string {
  const filesOf = (one: TablespaceFacts) =>
    facts.datafiles.filter(
      (file) => file.container === one.container && file.tablespaceNumber === one.number,
    );
  return table(
    [
      { title: "CONTAINER", value: (one) => one.container },
      { title: "TABLESPACE", value: (one) => one.name },
      { title: "CONTENTS", value: (one) => one.contents ?? "?" },
      { title: "STATUS", value: (one) => one.status ?? "?" },
      { title: "FILES", value: (one) => String(filesOf(one).length), right: true },
      {
        title: "SIZE",
        value: (one) => formatBytes(filesOf(one).reduce((sum, file) => sum + file.bytes, 0)),
        right: true,
      },
    ],
    facts.tablespaces,
  );
}

function datafilesText(facts: Facts, storage: StorageMap): string {
  const volumes = volumeNames(storage);
  return table(
    [
      { title: "FILE", value: (file) => String(file.file), right: true },
      { title: "CONTAINER", value: (file) => file.container },
      { title: "TABLESPACE", value: (file) => file.tablespace },
      { title: "STATUS", value: (file) => file.status },
      { title: "ENABLED", value: (file) => file.enabled },
      { title: "BACKUP MODE", value: backupModeText },
      { title: "SIZE", value: (file) => formatBytes(file.bytes), right: true },
      { title: "VOLUME", value: (file) => volumes.get(file.path) ?? "?" },
      { title: "PATH", value: (file) => file.path },
    ],
    facts.datafiles,
  );
}

function backupModeText({ backup }: DatafileFacts): string {
  return backup.active ? `since SCN ${backup.changeScn}` : "no";
}

function tempfilesText(facts: Facts): string {
  if (facts.tempfiles.length === 0) return "";
  return table(
    [
      { title: "FILE", value: (file) => String(file.file), right: true },
      { title: "CONTAINER", value: (file) => file.container },
      { title: "TABLESPACE", value: (file) => file.tablespace },
      { title: "SIZE", value: (file) => formatBytes(file.bytes), right: true },
      { title: "PATH", value: (file) => file.path },
    ],
    facts.tempfiles,
  );
}

function threadsText(facts: Facts): string {
  const logsOf = (thread: number) => facts.onlineLogs.filter((log) => log.thread === thread);
  const current = (logs: readonly OnlineLogFacts[]) => logs.find((log) => log.status === "CURRENT")?.sequence;
  return table(
    [
      { title: "THREAD", value: (one) => String(one.thread), right: true },
      { title: "STATUS", value: (one) => one.status },
      { title: "ENABLED", value: (one) => one.enabled },
      { title: "GROUPS", value: (one) => String(logsOf(one.thread).length), right: true },
      { title: "CURRENT SEQUENCE", value: (one) => String(current(logsOf(one.thread)) ?? "?"), right: true },
    ],
    facts.threads,
  );
}

function destinationsText(facts: Facts): string {
  return table(
    [
      { title: "ID", value: (one) => String(one.id), right: true },
      { title: "STATUS", value: (one) => one.status },
      { title: "TARGET", value: (one) => one.target },
      { title: "BINDING", value: (one) => one.binding },
      { title: "DESTINATION", value: (one) => one.destination },
      { title: "ERROR", value: (one) => one.error ?? "" },
    ],
    facts.archiveDestinations,
  );
}

function otherFilesText(facts: Facts): string {
  const files = [
    ...facts.controlfiles.map((path) => ({ what: "control file", path: String(path) })),
    ...facts.onlineLogs.flatMap((log) =>
      log.members.map((path) => ({ what: `online log ${log.group}`, path: String(path) })),
    ),
    { what: "server parameter file", path: facts.spfile ?? "none" },
    { what: "password file", path: facts.passwordFile ?? "not known" },
    { what: "block change tracking", path: facts.blockChangeTracking ?? "none" },
    ...facts.wallets.map((wallet) => ({
      what: `wallet (${wallet.type}, ${wallet.status})`,
      path: wallet.location,
    })),
  ];
  return table(
    [
      { title: "KIND", value: (file) => file.what },
      { title: "PATH", value: (file) => file.path },
    ],
    files,
  );
}
