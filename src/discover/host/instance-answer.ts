/** What the instance itself says through sqlplus. Parts that are refused before MOUNT, or unknown to a version, are absent. */
export interface InstanceAnswer {
  /** `down` where the connection is to an idle instance. */
  readonly state: "down" | "started" | "mounted" | "open" | "stopping" | undefined;
  readonly instance?: { readonly name: string; readonly host: string; readonly version: string };
  readonly edition?: string;
  readonly database?: {
    readonly dbid: string;
    readonly name: string;
    readonly uniqueName: string;
    readonly role: string;
    readonly openMode: string;
    readonly logMode: string;
  };
  readonly cdb?: boolean;
  readonly files?: { readonly count: number; readonly inAsm: number; readonly bytes: number };
  readonly clustered?: boolean;
  /** ORA- codes in the order in which they came. */
  readonly codes: readonly number[];
}

const MARK = "UMBRA-FOUND";

const QUESTIONS: Readonly<Record<string, string>> = {
  instance:
    "instance_name || '|' || host_name || '|' || status || '|' || shutdown_pending || '|' || version from v$instance",
  // 18c and later: the release update too.
  full: "version_full from v$instance",
  edition: "edition from v$instance",
  database:
    "to_char(dbid) || '|' || name || '|' || db_unique_name || '|' || database_role || '|' || open_mode || '|' || log_mode from v$database",
  // 12.1 and later.
  cdb: "cdb from v$database",
  files:
    "to_char(count(*)) || '|' || to_char(sum(case when name like '+%' then 1 else 0 end)) || '|' || to_char(sum(bytes)) from v$datafile",
  clustered: "value from v$parameter where name = 'cluster_database'",
};

/** For standard input of sqlplus. Each question is on its own, so that a refused one leaves the others. Changes nothing. */
export const INSTANCE_SCRIPT = [
  "set heading off feedback off pagesize 0 linesize 32767 trimout on tab off wrap off",
  "set echo off verify off define off timing off time off serveroutput off",
  "whenever oserror exit failure rollback",
  ...Object.entries(QUESTIONS).map(([key, rest]) => `select '${MARK}|${key}|' || ${rest};`),
  "exit",
  "",
].join("\n");

/** What sqlplus printed to the script. */
export function parseInstanceAnswer(text: string): InstanceAnswer {
  const answers = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    const [mark, key, ...values] = line.trim().split("|");
    if (mark === MARK && key !== undefined) answers.set(key, values);
  }
  const codes = Array.from(text.matchAll(/^\s*ORA-(\d{5}):/gmu), ([, digits]) => Number(digits));
  const [edition = ""] = answers.get("edition") ?? [];
  const [cdb] = answers.get("cdb") ?? [];
  const [clustered] = answers.get("clustered") ?? [];
  return {
    state: stateOf(answers.get("instance"), codes),
    ...instanceOf(answers.get("instance"), answers.get("full")?.[0]),
    ...(edition === "" ? {} : { edition }),
    ...databaseOf(answers.get("database")),
    ...(cdb === undefined ? {} : { cdb: cdb === "YES" }),
    ...filesOf(answers.get("files")),
    ...(clustered === undefined ? {} : { clustered: clustered.toUpperCase() === "TRUE" }),
    codes,
  };
}

const STATES: Readonly<Record<string, InstanceAnswer["state"]>> = {
  STARTED: "started",
  MOUNTED: "mounted",
  OPEN: "open",
  "OPEN MIGRATE": "open",
};
/** Not available; shutdown in progress. */
const DOWN = 1034;
const STOPPING = new Set([1089, 1090, 1092]);

function stateOf(row: readonly string[] | undefined, codes: readonly number[]): InstanceAnswer["state"] {
  if (codes.some((code) => STOPPING.has(code))) return "stopping";
  if (row === undefined) return codes.includes(DOWN) ? "down" : undefined;
  return row[3] === "YES" ? "stopping" : STATES[row[2] ?? ""];
}

function instanceOf(
  row: readonly string[] | undefined,
  full: string | undefined,
): Pick<InstanceAnswer, "instance"> {
  const [name, host, , , version] = row ?? [];
  if (name === undefined || host === undefined || version === undefined) return {};
  return { instance: { name, host, version: full === undefined || full === "" ? version : full } };
}

function databaseOf(row: readonly string[] | undefined): Pick<InstanceAnswer, "database"> {
  const [dbid = "", name = "", uniqueName = "", role = "", openMode = "", logMode] = row ?? [];
  if (!/^\d+$/u.test(dbid) || logMode === undefined) return {};
  return { database: { dbid, name, uniqueName, role, openMode, logMode } };
}

function filesOf(row: readonly string[] | undefined): Pick<InstanceAnswer, "files"> {
  const [count, inAsm, bytes] = (row ?? []).map(Number);
  const known = [count, inAsm, bytes].every((one) => Number.isSafeInteger(one));
  if (!known || count === undefined || inAsm === undefined || bytes === undefined) return {};
  return { files: { count, inAsm, bytes } };
}
