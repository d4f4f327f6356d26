import { readFileSync } from "node:fs";

const NAMES = [
  "apply-lag",
  "archive-destination-states",
  "archive-destinations",
  "archive-parameters",
  "archive-parameters-stored",
  "archived-log-ledger",
  "archived-logs",
  "backup-mode",
  "block-change-tracking",
  "capture-needs",
  "checkpoint",
  "clock",
  "container-saved-states",
  "container-states",
  "containers",
  "controlfiles",
  "datafile-headers",
  "datafiles",
  "guaranteed-restore-points",
  "identity",
  "image-copies",
  "incarnations",
  "instances",
  "level-one-sets",
  "local-undo",
  "online-logs",
  "open-transactions",
  "own-session",
  "parameters",
  "password-file",
  "patches",
  "rman-channels",
  "running-instances",
  "running-services",
  "session-privileges",
  "session-status",
  "session-user",
  "standby-apply",
  "standby-apply-before-12-2",
  "standby-apply-mode",
  "switch-logfile",
  "suspension",
  "tablespace-states",
  "tablespaces",
  "tempfile-growth",
  "tempfiles",
  "threads",
  "waiting-logs",
  "wallets",
] as const;

/** A file of sql/, without `.sql`. */
export type StatementName = (typeof NAMES)[number];

export interface Statement {
  readonly name: StatementName;
  /** Without the header's comments. */
  readonly text: string;
  /** First release that has all of it: 12.2 is [12, 2]. */
  readonly since: readonly [number, number];
}

/** The statements of sql/, read once. The folder lies beside src/, and beside dist/src/ in what is shipped. */
export const statements: Readonly<Record<StatementName, Statement>> = Object.fromEntries(
  NAMES.map((name) => [name, readStatement(name)]),
) as Record<StatementName, Statement>;

function readStatement(name: StatementName): Statement {
  const lines = readFileSync(new URL(`../../sql/${name}.sql`, import.meta.url), "utf8").split("\n");
  const since = /^-- versions: (\d+)\.(\d+)\+$/m.exec(lines.join("\n"));
  const text = lines.filter((line) => !line.startsWith("--")).join("\n");
  return { name, text: text.trim(), since: [Number(since?.[1] ?? 0), Number(since?.[2] ?? 0)] };
}

/** False where the release, 12.1.0.2.0, is older than the statement. */
export function isSince(statement: Statement, version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = statement.since;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
