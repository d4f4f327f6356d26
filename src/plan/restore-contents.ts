import { counted } from "../domain/human.ts";
import type { Manifest } from "../domain/manifest.ts";

/** What the notes of a backup say of the files in its directory, and of those that are elsewhere. */
export function contents(manifest: Manifest): readonly string[] {
  const { datafiles, logs, controlfile, controlfileScript, parameterText, spfile, passwordFile } = manifest;
  const files = counted(datafiles.length, "datafile");
  const optional = [
    { file: parameterText, what: "the parameters as text" },
    { file: spfile, what: "the server parameter file" },
    { file: passwordFile, what: "the password file" },
  ];
  return [
    manifest.kind === "snapshot"
      ? `- not here: ${files}; they are in ${counted(manifest.snapshots.length, "snapshot")}, see below`
      : `- \`data/\`: image copies of ${files}, ready to be used as datafiles`,
    ...keptLines(manifest),
    ...(manifest.kind === "cold"
      ? []
      : [
          `- \`logs/\`: archived redo logs of all threads, ${counted(logs.length, "log")} when this was written`,
        ]),
    ...redoLines(manifest),
    `- \`${controlfile.name}\`: the control file; \`${controlfileScript.name}\`: the script that re-creates it`,
    ...optional.flatMap(({ file, what }) => (file === undefined ? [] : [`- \`${file.name}\`: ${what}`])),
    "- `manifest.json`: all of it, with sizes and SHA-256",
    ...walletLines(manifest),
  ];
}

function keptLines(manifest: Manifest): readonly string[] {
  if (manifest.kind !== "cold" || manifest.kept.length === 0) return [];
  const places = [...new Set(manifest.kept.map(({ directory }) => `\`../../${directory}\``))].join(", ");
  return [
    `- not here: copies of ${counted(manifest.kept.length, "read-only datafile")}, which lie in ${places}`,
  ];
}

/** Rule 9. */
function redoLines(manifest: Manifest): readonly string[] {
  if (manifest.kind !== "cold" || manifest.onlineRedo.length === 0) return [];
  const { onlineRedo } = manifest;
  const list = onlineRedo.map(({ name, source }) => `\`${name}\` of \`${source}\``).join(", ");
  return [
    `- \`redo/\`: the online logs as they were: ${list}. Never copy them over online logs that are there; the way below does not need them`,
  ];
}

function walletLines({ wallets }: Manifest): readonly string[] {
  const open = wallets.filter((one) => one.status.startsWith("OPEN"));
  if (open.length === 0) return [];
  const places = open.map((one) => one.location || one.type).join(", ");
  return [`- not here: the keystore with the encryption keys, at ${places}. Without it nothing is recovered`];
}
