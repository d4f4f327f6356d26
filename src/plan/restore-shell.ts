import type { Manifest } from "../domain/manifest.ts";
import { quoted } from "../domain/shell-word.ts";
import { NOTES_NAME } from "./backup-layout.ts";
import { lastName, namedByOracle, NEW, placedFiles } from "./restore-places.ts";

/**
 * Parameters that name places and services of the first database. Its archive destinations above all: a restored database
 * must not archive into them (rule 120).
 */
const NOT_TAKEN_OVER = [
  "control_files",
  "cluster_database[a-z_]*",
  "log_archive_[a-z0-9_]*",
  "(db|log)_file_name_convert",
  "db_recovery_file_dest[a-z_]*",
  "db_create_[a-z0-9_]*",
  "dg_broker_[a-z0-9_]*",
  "(fal|standby)_[a-z_]*",
  "(local|remote|forward)_listener",
  "listener_networks",
  "dispatchers",
  "audit_file_dest",
  "diagnostic_dest",
  "spfile",
  "ifile",
];

/** `%t_%s_%r` of a log, under which recovery looks for it. */
const LOG_FORMAT = "%t_%s_%r.arc";

/** Copies and parameters in a new place, and there the SQL of these notes as a script. */
export function placingCommands(manifest: Manifest): readonly string[] {
  const copies = placedFiles(manifest).flatMap(({ from }) => from ?? []);
  return [
    `NEW=\${NEW:-/u02/restored/${manifest.database}}`,
    "HERE=$PWD",
    'mkdir -p "$NEW/data" "$NEW/redo" "$NEW/logs" "$NEW/arch"',
    ...copies.map((from) => `cp ${quoted(from)} "$NEW/data/"`),
    `cp ${quoted(manifest.controlfile.name)} "$NEW/control01.ctl"`,
    'chmod -R u+w "$NEW"',
    ...logCommands(manifest),
    ...parameterCommands(manifest),
    `sed -n '/^\`\`\`sql$/,/^\`\`\`$/p' ${NOTES_NAME} | grep -v '^\`\`\`' | sed "s|${NEW}|$NEW|g" > "$NEW/restore.sql"`,
    ...stopCommands(manifest),
  ];
}

/** No script where its RENAME FILE would delete files of the first database. */
function stopCommands(manifest: Manifest): readonly string[] {
  const files = namedByOracle(manifest).filter((path) => !path.startsWith("+"));
  if (files.length === 0) return [];
  return [
    `for file in ${files.map(quoted).join(" ")}; do`,
    '  if [ -e "$file" ]; then echo "STOP: RENAME FILE would delete $file" >&2; rm -f "$NEW/restore.sql"; fi',
    "done",
  ];
}

/** Recovery finds a log by its name. Those that the archiver delivered have the names of the first database. */
function logCommands({ kind, logs }: Manifest): readonly string[] {
  if (kind === "cold") return [];
  const named = logs.flatMap(({ name, thread, sequence, resetlogsId }) => {
    const wanted = `${thread}_${sequence}_${resetlogsId}.arc`;
    return lastName(name) === wanted ? [] : [`ln -s "$HERE/"${quoted(name)} "$NEW/logs/${wanted}"`];
  });
  return ['for log in logs/*; do ln -s "$HERE/$log" "$NEW/logs/"; done', ...named];
}

function parameterCommands({ parameterText, identity }: Manifest): readonly string[] {
  const names = NOT_TAKEN_OVER.join("|");
  const lines = [
    "*.control_files='$NEW/control01.ctl'",
    "*.log_archive_dest_1='LOCATION=$NEW/arch'",
    `*.log_archive_format='${LOG_FORMAT}'`,
  ];
  const base =
    parameterText === undefined
      ? `printf '%s\\n' "*.db_name='${identity.name}'" > "$NEW/init.ora"`
      : `grep -viE '^([^.=]*[.])?(${names})[[:space:]]*=' ${quoted(parameterText.name)} > "$NEW/init.ora"`;
  return [base, ...lines.map((line) => `echo "${line}" >> "$NEW/init.ora"`)];
}
