import { formatBytes } from "../domain/human.ts";
import type { Manifest, ManifestSnapshot, SnapshotManifest } from "../domain/manifest.ts";
import { contents } from "./restore-contents.ts";
import { cloneRoot, namedByOracle, placedFiles } from "./restore-places.ts";
import { placingCommands } from "./restore-shell.ts";
import { restoreScript } from "./restore-script.ts";

/**
 * RESTORE.md of a backup: what a person needs who has this directory, Oracle's programs and a shell, and no umbra. One
 * fenced block of SQL, which the last command of the shell writes into a script; blocks of commands around it.
 */
export function restoreNotesText(manifest: Manifest): string {
  const { database, backup, identity, finishedAt, version } = manifest;
  return [
    `# Restore of ${database}`,
    "",
    `Oracle database ${identity.name} (${identity.uniqueName}), DBID ${identity.dbid}, version ${version}, resetlogs SCN ${identity.resetlogsScn}.`,
    `Written by umbra for ${backup}, ${finishedAt}. Umbra is not needed for what follows.`,
    "",
    ...firstLook(manifest),
    "## What is here",
    "",
    ...contents(manifest),
    "",
    "## How far recovery must and can go",
    "",
    ...reach(manifest),
    "",
    ...(manifest.kind === "snapshot" ? snapshotSection(manifest) : []),
    ...placingSection(manifest),
    ...recoverySection(manifest),
    "## Which file is where",
    "",
    "| file | container | tablespace | source | here | restored to |",
    "| ---- | --------- | ---------- | ------ | ---- | ----------- |",
    ...placedFiles(manifest).map(
      ({ file, container, tablespace, source, from, to }) =>
        `| ${file} | ${container} | ${tablespace} | \`${source}\` | ${from === undefined ? "in the snapshot" : `\`${from}\``} | \`${to}\` |`,
    ),
    "",
  ].join("\n");
}

function firstLook({ kind, whole }: Manifest): readonly string[] {
  const dirty = [
    "Look into `manifest.json` first: where `dirty` lists a file, its copy is a mixture of two states, and this directory",
    "is of no use for a restore now. Take a snapshot of it from before, or refresh it again.",
    "",
  ];
  const partial = [
    "**This is not the whole database.** The script below opens only a database whose every datafile is there: take the",
    "copies that lack from another backup and add them to the script, or bring a lost file of the living database back:",
    "copy it to its place, `ALTER DATABASE DATAFILE n OFFLINE`, `RECOVER AUTOMATIC DATAFILE n`, `ALTER DATABASE DATAFILE n ONLINE`",
    "in its container.",
    "",
  ];
  return [...(kind === "refreshed" ? dirty : []), ...(whole ? [] : partial)];
}

function reach(manifest: Manifest): readonly string[] {
  const { scns } = manifest;
  if (manifest.kind === "cold") {
    return [
      `- the database was closed at SCN ${manifest.cold.checkpointScn}: nothing needs to be applied`,
      "- where it archives its redo, recovery can go on from there with its archived logs: `USING BACKUP CONTROLFILE UNTIL CANCEL`",
    ];
  }
  const moment = manifest.kind === "snapshot" ? manifest.snapshotTime : undefined;
  return [
    `- redo is needed from SCN ${scns.neededFrom}`,
    `- recover at least until change ${scns.minimumRecovery}`,
    ...(moment === undefined
      ? []
      : [
          `- the snapshots were taken without backup mode: recover only with \`SNAPSHOT TIME '${moment.local}'\`, the local time of the database's host, to a target that is later`,
        ]),
    `- with the logs of the manifest recovery reaches change ${scns.recoverableTo}; later logs lead further: in \`logs/\`, in the live area of this backup area, where \`log_archive_dest_n\` of the parameters point`,
  ];
}

function snapshotSection(manifest: SnapshotManifest): readonly string[] {
  return [
    "## The datafiles, from their snapshots",
    "",
    "On the host that has the volumes, as root. What is made is written to by the recovery; the snapshots stay as they are.",
    "",
    ...manifest.snapshots.flatMap((one) => [
      `- storage \`${one.storage}\`, volume \`${one.volume}\` (\`${one.mountPoint}\`), snapshot \`${one.name}\`, id \`${one.id}\`, ${one.createdAt}`,
      ...unknownWay(one, manifest),
    ]),
    "",
    ...fenced(
      "sh",
      manifest.snapshots.flatMap(({ byHand }) => byHand?.make ?? []),
    ),
    ...undone(manifest.snapshots.flatMap(({ byHand }) => byHand?.undo ?? [])),
  ];
}

function unknownWay(snapshot: ManifestSnapshot, { datafiles }: SnapshotManifest): readonly string[] {
  if (snapshot.byHand !== undefined) return [];
  return [
    `  Umbra does not know the bare commands of this storage: make its files writable at \`${cloneRoot(snapshot, datafiles)}\`.`,
  ];
}

function undone(commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return [];
  return [
    "When the restored database is not needed any more, this takes them away:",
    "",
    ...fenced("text", commands),
  ];
}

function placingSection(manifest: Manifest): readonly string[] {
  const bytes = manifest.kind === "snapshot" ? 0 : placedBytes(manifest);
  const room = bytes === 0 ? "" : ` with room for ${formatBytes(bytes)}`;
  return [
    "## The new place",
    "",
    "Never recover copies where they are. Where the first database still runs, do this on another host.",
    ...namesByOracle(manifest),
    `In the directory of this file, as the owner of the Oracle software. Set \`NEW\` to a new directory${room}.`,
    "",
    ...fenced("sh", placingCommands(manifest)),
    "Look through `$NEW/init.ora`: it has the parameters of the first database but for its places and services. Paths and",
    "memory that this host does not have must be changed. The password file goes to `$ORACLE_HOME/dbs/orapw$ORACLE_SID`.",
    "",
  ];
}

/** Rule 116. */
function namesByOracle(manifest: Manifest): readonly string[] {
  const files = namedByOracle(manifest);
  if (files.length === 0) return [];
  const inAsm = files.some((path) => path.startsWith("+"));
  return [
    "**Its files must not be reachable here:** Oracle named some of them itself (OMF), and `RENAME FILE` deletes such a file where it",
    `finds it. On another host they are not there; else move them away first.${inAsm ? " Disk groups of the first database must not be mounted." : ""}`,
  ];
}

function placedBytes(manifest: Manifest): number {
  const kept = manifest.kind === "cold" ? manifest.kept : [];
  return [...manifest.datafiles, ...kept].reduce((sum, { bytes }) => sum + bytes, 0);
}

function recoverySection(manifest: Manifest): readonly string[] {
  const further =
    manifest.kind === "cold"
      ? []
      : [
          "To another target: change `UNTIL CHANGE n` in it, link later logs into `$NEW/logs` as `THREAD_SEQUENCE_RESETLOGSID.arc`.",
          "Where recovery stops at a file that is `UNNAMED` (ORA-01244), the redo adds one: `ALTER DATABASE CREATE DATAFILE '…' AS '…'`,",
          "and the RECOVER once more.",
        ];
  return [
    "## Recovery",
    "",
    "With ORACLE_HOME and ORACLE_SID set, `sqlplus / as sysdba @$NEW/restore.sql` gives this script, in which `@NEW@` is `$NEW`.",
    "It ends at the first error. ORA-01476: the control file has a name that is not in the list, which must be renamed too.",
    ...further,
    "",
    ...fenced("sql", restoreScript(manifest)),
    "Then add the temp files that `manifest.json` lists and the database has not, and take a new backup.",
    "",
  ];
}

function fenced(language: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`\`\`\`${language}`, ...lines, "```", ""];
}
