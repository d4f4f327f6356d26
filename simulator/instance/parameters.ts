import { join } from "node:path";

/** Names of destinations with their attributes, as LOG_ARCHIVE_DEST_n spells them. */
export interface ArchiveDestination {
  readonly id: number;
  readonly location: string;
  readonly mandatory: boolean;
  readonly reopenSeconds: number;
  readonly enabled: boolean;
}

const DESTINATIONS = 10;
/** REOPEN's default, in seconds. */
const DEFAULT_REOPEN = 300;

/** Parameters as text in a PFILE: `*.name=value` or `SID.name='value'`; # starts a comment. */
export function parseParameters(text: string, sid: string): Map<string, string> {
  const shared = new Map<string, string>();
  const own = new Map<string, string>();
  for (const raw of text.split("\n")) {
    const found = /^\s*(?:([\w$*]+)\.)?([\w$]+)\s*=\s*(.*?)\s*$/u.exec(raw.replace(/^\s*#.*$/u, ""));
    if (found === null) continue;
    const [, scope, name = "", value = ""] = found;
    if (scope === undefined || scope === "*") shared.set(name.toLowerCase(), unquoted(value));
    else if (scope.toUpperCase() === sid.toUpperCase()) own.set(name.toLowerCase(), unquoted(value));
  }
  return new Map([...shared, ...own]);
}

/** The inverse of parseParameters; values with anything but plain characters are quoted. */
export function parameterText(parameters: ReadonlyMap<string, string>): string {
  const lines = [...parameters]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      if (name === "control_files")
        return `*.${name}=${value
          .split(",")
          .map((path) => `'${path}'`)
          .join(",")}`;
      return `*.${name}=${/^[\w.%]+$/u.test(value) ? value : `'${value.replaceAll("'", "''")}'`}`;
    });
  return `${lines.join("\n")}\n`;
}

/** A list keeps its commas: 'a','b' becomes a,b. */
function unquoted(value: string): string {
  const parts = [...value.matchAll(/'((?:[^']|'')*)'|"([^"]*)"|([^,'"]+)/gu)];
  return parts
    .map(([, single, double, plain]) => (single?.replaceAll("''", "'") ?? double ?? plain ?? "").trim())
    .join(",");
}

/** Values of parameters that were not set. */
export function defaultParameters(home: string, sid: string): ReadonlyMap<string, string> {
  return new Map([
    ["db_block_size", "8192"],
    ["db_files", "200"],
    ["log_archive_format", "%t_%s_%r.dbf"],
    ["compatible", "19.0.0"],
    ["cluster_database", "FALSE"],
    ["thread", "1"],
    ["instance_number", "1"],
    ["instance_name", sid],
    ["undo_management", "AUTO"],
    ["undo_retention", "900"],
    ["remote_login_passwordfile", "EXCLUSIVE"],
    ["log_checkpoint_interval", "0"],
    ["archive_lag_target", "0"],
    ["log_archive_min_succeed_dest", "1"],
    ["processes", "300"],
    ["diagnostic_dest", home],
    ["background_dump_dest", join(home, "diag")],
  ]);
}

export function archiveDestinations(
  parameters: ReadonlyMap<string, string>,
  home: string,
): ArchiveDestination[] {
  const found: ArchiveDestination[] = [];
  for (let id = 1; id <= DESTINATIONS; id += 1) {
    const value = parameters.get(`log_archive_dest_${id}`)?.trim() ?? "";
    const location = /LOCATION\s*=\s*("([^"]*)"|[^\s,]+)/iu.exec(value);
    if (location === null) continue;
    const path = location[2] ?? location[1] ?? "";
    const reopen = /REOPEN\s*=\s*(\d+)/iu.exec(value);
    found.push({
      id,
      location:
        path === "USE_DB_RECOVERY_FILE_DEST" ? (parameters.get("db_recovery_file_dest") ?? home) : path,
      mandatory: /\bMANDATORY\b/iu.test(value),
      reopenSeconds: reopen === null ? DEFAULT_REOPEN : Number(reopen[1]),
      enabled: (parameters.get(`log_archive_dest_state_${id}`) ?? "ENABLE").toUpperCase() !== "DEFER",
    });
  }
  return found.length > 0 ? found : oldForm(parameters, home);
}

/** LOG_ARCHIVE_DEST and its duplex, or the directory that is used where nothing is set. */
function oldForm(parameters: ReadonlyMap<string, string>, home: string): ArchiveDestination[] {
  const single = parameters.get("log_archive_dest")?.trim() ?? "";
  const duplex = parameters.get("log_archive_duplex_dest")?.trim() ?? "";
  const place = { reopenSeconds: DEFAULT_REOPEN, enabled: true };
  return [
    { id: 1, location: single === "" ? join(home, "dbs", "arch") : single, mandatory: true, ...place },
    ...(duplex === "" ? [] : [{ id: 2, location: duplex, mandatory: false, ...place }]),
  ];
}

/** File name of an archived log; %T %S are zero padded, %r the resetlogs id, %d the DBID in hexadecimal. */
export function archivedLogName(
  format: string,
  log: {
    readonly thread: number;
    readonly sequence: number;
    readonly resetlogsId: number;
    readonly dbid: number;
  },
): string {
  const values: Readonly<Record<string, string>> = {
    t: String(log.thread),
    T: String(log.thread).padStart(4, "0"),
    s: String(log.sequence),
    S: String(log.sequence).padStart(10, "0"),
    r: String(log.resetlogsId),
    R: String(log.resetlogsId).padStart(10, "0"),
    d: log.dbid.toString(16),
    a: log.dbid.toString(16),
  };
  return format.replaceAll(/%([tTsSrRda])/gu, (all, letter: string) => values[letter] ?? all);
}
