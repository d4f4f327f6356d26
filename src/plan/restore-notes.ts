import { counted } from "../domain/human.ts";
import type { RefreshedManifest } from "../domain/manifest.ts";

/** RESTORE.md of a live area: what a person needs who has this directory, Oracle's manuals, and no umbra. */
export function restoreNotesText(manifest: RefreshedManifest): string {
  const { database, identity, scns, datafiles, controlfile, controlfileScript, finishedAt, run, version } =
    manifest;
  return [
    `# Restore of ${database}`,
    "",
    `Oracle database ${identity.name} (${identity.uniqueName}), DBID ${identity.dbid}, version ${version}, resetlogs SCN ${identity.resetlogsScn}.`,
    `Written by umbra, run ${run}, ${finishedAt}.`,
    "",
    "Look into `manifest.json` first: where `dirty` lists a file, its copy is a mixture of two states, and this directory",
    "is of no use for a restore now. Take a snapshot of it from before, or refresh it again.",
    "",
    "## What is here",
    "",
    `- \`data/\`: image copies of ${counted(datafiles.length, "datafile")}, ready to be used as datafiles`,
    "- `logs/`: archived redo logs of all threads",
    `- \`${controlfile.name}\`: the control file; \`${controlfileScript.name}\`: the script that re-creates it`,
    "- `parameters/`: parameters as text, server parameter file, password file, as far as there are any",
    ...walletLines(manifest),
    "",
    "## How far recovery must and can go",
    "",
    `- redo is needed from SCN ${scns.neededFrom}`,
    `- recover at least until change ${scns.minimumRecovery}`,
    `- with the logs of the manifest recovery reaches change ${scns.recoverableTo}; later logs in \`logs/\` lead further`,
    "",
    "## How",
    "",
    "Never recover the copies where they are: copy or clone them to another place first.",
    "",
    "1. Copy `data/`, the control file and the parameters to the new place; correct the paths in the parameters.",
    `2. \`STARTUP MOUNT\` with the control file \`${controlfile.name}\`.`,
    "3. For each copy: `ALTER DATABASE RENAME FILE '<source>' TO '<new place>'`:",
    "",
    "| file | source | copy |",
    "| ---- | ------ | ---- |",
    ...datafiles.map((one) => `| ${one.file} | \`${one.source}\` | \`${one.name}\` |`),
    "",
    `4. \`RECOVER AUTOMATIC DATABASE USING BACKUP CONTROLFILE UNTIL CHANGE n\`, n at least ${scns.minimumRecovery}, with the logs in \`logs/\`.`,
    "5. `ALTER DATABASE OPEN RESETLOGS`; then add the temp files that `manifest.json` lists.",
    "",
  ].join("\n");
}

function walletLines({ wallets }: RefreshedManifest): readonly string[] {
  const open = wallets.filter((one) => one.status.startsWith("OPEN"));
  if (open.length === 0) return [];
  const places = open.map((one) => one.location || one.type).join(", ");
  return [`- not here: the keystore with the encryption keys, at ${places}. Without it nothing is recovered`];
}
