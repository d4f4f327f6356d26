import type { HostAddress } from "./host-address.ts";
import type { RefreshEngine } from "./manifest.ts";
import type { DatabaseName, FilePath } from "./names.ts";
import type { RetentionPolicy } from "./retention.ts";

/** What the configuration says, decoded, defaulted and frozen. Secrets are still references. */
export interface Fleet {
  readonly databases: ReadonlyMap<DatabaseName, DatabaseConfig>;
  readonly storages: ReadonlyMap<string, StorageConfig>;
  /** Machines that are reached over ssh. This one is not among them. */
  readonly hosts: ReadonlyMap<string, HostConfig>;
  /** Directory of umbra's own SQLite state. */
  readonly stateDirectory: FilePath;
  /** This installation, in the tags of what it makes on storages. Absent: the host's name of when it made its first. */
  readonly agent?: string;
  /** Oracle's own client, for the driver's thick mode. Absent: thin mode. */
  readonly oracleClient?: OracleClientConfig;
}

export interface OracleClientConfig {
  readonly libDirectory: FilePath;
  /** Of sqlnet.ora and tnsnames.ora. */
  readonly configDirectory?: FilePath;
}

/** The name by which storage is said to be mounted on this machine; no host may have it. */
export const HERE = "here";

export interface StorageConfig {
  readonly name: string;
  /** Directory on storage that the user owns; each database gets its backup area below it. */
  readonly path: FilePath;
  /**
   * Where the directory is mounted too, under the same path: HERE, or a host's name. Manifests, listings and verification
   * are then read there. Absent: on the host of each database, where its copies are written in any case.
   */
  readonly host?: string;
  /** What takes snapshots of what lies below the path; its program runs on `host`, else on each database's. */
  readonly snapshots?: SnapshotSettings;
}

/** Known to the storage adapters: nobody else asks for more than whether it is there. */
export interface SnapshotSettings {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** A machine behind ssh. Host keys are known from known_hosts files only (`umbra hosts trust`). */
export interface HostConfig {
  readonly name: string;
  readonly address: HostAddress;
  readonly user: string;
  readonly login: HostLogin;
  /** Name of the host through which this one is reached. */
  readonly via?: string;
  /** Words before every program, as `sudo -n -u oracle --`. */
  readonly become?: readonly string[];
  /** What umbra is there, to which `remote` is added: copies then run and are checked where the data is. Absent: POSIX tools copy. */
  readonly umbra?: readonly string[];
  /** The account's authorized_keys start `umbra remote` whatever is asked for, and nothing else can be run. */
  readonly forcedCommand?: true;
}

export type HostLogin =
  | { readonly by: "key"; readonly path: FilePath; readonly passphrase?: SecretReference }
  | { readonly by: "agent"; readonly socket: FilePath }
  | { readonly by: "password"; readonly password: SecretReference };

export interface DatabaseConfig {
  readonly name: DatabaseName;
  /** Expected DBID; refusing another is rule 2. Decimal text. */
  readonly dbid?: string;
  readonly connect: ConnectConfig;
  /** Name of the host where its files are. Absent: this machine. */
  readonly host?: string;
  /** Other databases of the fleet that are its standbys: missing archived logs may come from them, in this order. */
  readonly standbys?: readonly DatabaseName[];
  /** How its instance is stopped and started. Absent: it cannot be, and a cold backup is refused. */
  readonly instance?: InstanceConfig;
  readonly storage: string;
  /** `<storage path>/<database name>` unless configured. */
  readonly backupArea: FilePath;
  readonly backup: HotBackupConfig;
  readonly cold: ColdBackupConfig;
  readonly refresh: RefreshConfig;
  /** Absent: nothing is ever removed. */
  readonly retention?: RetentionConfig;
  readonly logs: LogsConfig;
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

/** The way to the instance itself, on the database's host. */
export type InstanceConfig =
  | {
      readonly by: "sqlplus";
      readonly oracleHome: FilePath;
      readonly sid: string;
      readonly privilege: "sysdba" | "sysbackup";
    }
  /** Clusterware or Oracle Restart knows the database by its DB_UNIQUE_NAME. */
  | { readonly by: "srvctl"; readonly oracleHome: FilePath; readonly uniqueName: string }
  /** Oracle's client library, as the database's user. Without `connectString`: that of the database. */
  | {
      readonly by: "oracledb";
      readonly connectString?: string;
      readonly privilege: "sysdba" | "sysoper";
    };

/**
 * What the downtime of a cold backup depends on. `plain`: the size of the database. `pre-copy`: what changed while it was
 * copied open. `snapshot`: nothing; the storage of the datafiles must be able to take an instantaneous picture.
 * `auto`: snapshot where it can be, else pre-copy.
 */
export type ColdBackupMode = "auto" | "plain" | "pre-copy" | "snapshot";

export interface ColdBackupConfig {
  readonly mode: ColdBackupMode;
  readonly shutdown: "immediate" | "transactional" | "normal";
  /** Longest time between SHUTDOWN and the database open again. Absent: any. */
  readonly maxDowntimeMs?: number;
  /** What happens to the copies when it is over. */
  readonly onOverrun: "stop-copy" | "continue";
  /**
   * The written policy (rule 17) that a SHUTDOWN which misses its deadline becomes an abort, with its repair: started
   * restricted and shut down cleanly.
   */
  readonly abortWhenStuck: boolean;
}

/** All in milliseconds. Every external call has one (architecture, decision 3). */
export interface Deadlines {
  readonly connectMs: number;
  readonly statementMs: number;
  /** BEGIN BACKUP checkpoints the files first, so it is slower than other statements. */
  readonly beginBackupMs: number;
  /** SHUTDOWN waits for rollback. */
  readonly shutdownMs: number;
  /** STARTUP may have to recover the instance. */
  readonly startupMs: number;
  /** Until every thread's needed log is archived and present (rule 45). */
  readonly archivedLogMs: number;
  /** No byte copied for so long means the source or the target hangs. */
  readonly copyStallMs: number;
}

/**
 * How changed blocks are found: by reading the copy too, by hashes that were stored of it, or by what the storage of the
 * datafiles lists; a file of which it lists nothing is found by hashes.
 */
export type RefreshFind = "compare" | "hashes" | "list";

export interface RefreshConfig {
  readonly engine: RefreshEngine;
  /** Of engine `blocks`. */
  readonly find: RefreshFind;
  /** Datafiles brought forward, or copied, at the same time. */
  readonly parallel: number;
  /** When a run takes a snapshot of the live area, where its storage can. */
  readonly snapshot: SnapshotPolicy;
  /** Of engine `rman`: larger files are read in pieces of this size. Absent: each by one channel. */
  readonly sectionBytes?: number;
  /** Of engine `rman`: under which its copies are known to RMAN. Absent: UMBRA and the database's name. */
  readonly tag?: string;
}

export type SnapshotPolicy = "none" | "before" | "after" | "both";

/** How archived logs come into the live backup area, and what happens when they do not. */
export interface LogsConfig {
  /** `defer`: a destination that endangers production is deferred, and enabled again when it works. */
  readonly guard: "warn" | "defer";
  /** Below it the log directory counts as full. */
  readonly freeBytes: number;
  /** REOPEN of the destination. */
  readonly reopenMs: number;
  /** So long a log may be on its way. */
  readonly lagMs: number;
}

export interface RetentionConfig {
  readonly policy: RetentionPolicy;
  /** Targets of the last so many milliseconds stay restorable, measured from the newest good backup. */
  readonly protectMs: number;
  /** Between the decision that something goes and its removal. */
  readonly graceMs: number;
  /** A refresh ends with retention. */
  readonly afterRefresh: boolean;
}
