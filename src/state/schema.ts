/** Tables of the local state. Ids and SCNs are text, moments are milliseconds since 1970, structures are JSON. */
export interface StateSchema {
  run: RunRow;
  step: StepRow;
  obligation: ObligationRow;
  startup_obligation: StartupRow;
  snapshot_obligation: SnapshotObligationRow;
  lock: LockRow;
  backup: BackupRow;
  proof: ProofRow;
  log_destination: LogDestinationRow;
  log_file: LogFileRow;
}

export interface RunRow {
  id: string;
  database: string;
  kind: string;
  started_at: number;
  directory: string | null;
  ended_at: number | null;
  outcome: string | null;
  error: string | null;
}

export interface StepRow {
  run: string;
  step: string;
  position: number;
  title: string;
  state: string;
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
}

export interface ObligationRow {
  id: string;
  database: string;
  run: string;
  dbid: string;
  resetlogs_scn: string;
  scope: string;
  files: string;
  asked: string;
  begun: string | null;
  opened_at: number;
  discharged_at: number | null;
  note: string | null;
}

/** `saved` and `started_at` are JSON, as the obligation has them. */
export interface StartupRow {
  id: string;
  database: string;
  run: string;
  dbid: string;
  resetlogs_scn: string;
  saved: string;
  started_at: string;
  opened_at: number;
  discharged_at: number | null;
  note: string | null;
}

/** `body` is JSON: what its kind has. */
interface SnapshotObligationRow {
  id: string;
  database: string;
  run: string;
  body: string;
  opened_at: number;
  discharged_at: number | null;
  note: string | null;
}

interface LockRow {
  database: string;
  run: string;
  pid: number;
  boot_id: string;
  process_started: string;
  taken_at: number;
}

export interface BackupRow {
  id: string;
  database: string;
  directory: string;
  manifest_sha256: string;
  finished_at: number;
  summary: string;
  verified_at: number | null;
  verdict: string | null;
}

/** `slot`, `changes` and `deferred` are JSON. */
export interface LogDestinationRow {
  database: string;
  directory: string;
  slot: string;
  changes: string;
  set_at: number;
  since_scn: string;
  incarnation: string;
  proved_at: number | null;
  deferred: string | null;
}

export interface LogFileRow {
  database: string;
  path: string;
  bytes: number;
  modified_at: number;
  header: string;
}

interface ProofRow {
  database: string;
  object: string;
  run: string;
  at: number;
}
