import type { DatabaseName, FilePath } from "./names.ts";

/** What the configuration says, decoded, defaulted and frozen. Secrets are still references. */
export interface Fleet {
  readonly databases: ReadonlyMap<DatabaseName, DatabaseConfig>;
  readonly storages: ReadonlyMap<string, StorageConfig>;
  /** Directory of umbra's own SQLite state. */
  readonly stateDirectory: FilePath;
}

export interface StorageConfig {
  readonly name: string;
  /** Directory on storage that the user owns; each database gets its backup area below it. */
  readonly path: FilePath;
}

export interface DatabaseConfig {
  readonly name: DatabaseName;
  /** Expected DBID; refusing another is rule 2. Decimal text. */
  readonly dbid?: string;
  readonly connect: ConnectConfig;
  readonly storage: string;
  /** `<storage path>/<database name>` unless configured. */
  readonly backupArea: FilePath;
  readonly backup: HotBackupConfig;
  readonly deadlines: Deadlines;
}

export type Privilege = "normal" | "sysdba" | "sysbackup" | "sysoper";

export interface ConnectConfig {
  /** Easy Connect or a full descriptor; never holds a password. */
  readonly connectString: string;
  readonly user: string;
  readonly privilege: Privilege;
  readonly password: SecretReference;
}

/** Where a secret is, never the secret. */
export type SecretReference =
  | { readonly from: "credential"; readonly name: string }
  | { readonly from: "file"; readonly path: FilePath }
  | { readonly from: "env"; readonly variable: string }
  | { readonly from: "exec"; readonly argv: readonly string[] };

export type HotBackupMode = "per-tablespace" | "database";

export interface HotBackupConfig {
  readonly mode: HotBackupMode;
  /** Datafiles copied at the same time. */
  readonly parallel: number;
  /** Free space wanted on the backup area beyond the predicted size, in bytes. */
  readonly spareBytes: number;
}

/** All in milliseconds. Every external call has one (architecture, decision 3). */
export interface Deadlines {
  readonly connectMs: number;
  readonly statementMs: number;
  /** BEGIN BACKUP checkpoints the files first, so it is slower than other statements. */
  readonly beginBackupMs: number;
  /** Until every thread's needed log is archived and present (rule 45). */
  readonly archivedLogMs: number;
  /** No byte copied for so long means the source or the target hangs. */
  readonly copyStallMs: number;
}
