import type { Facts } from "./facts.ts";
import type { HotBackupMode } from "./fleet.ts";
import type { DatabaseName, FilePath, RunId, TablespaceName, ContainerName } from "./names.ts";
import type { Warning } from "./refusal.ts";
import type { Step } from "./step.ts";

/** What one run will do. Plain data: printed by `--plan`, kept in the journal. */
export interface Plan {
  readonly kind: "hot-backup";
  readonly run: RunId;
  readonly database: DatabaseName;
  readonly mode: HotBackupMode;
  /** The run's own directory; all that the run writes is below it. */
  readonly directory: FilePath;
  readonly layout: BackupLayout;
  /** Absent: the whole database. */
  readonly onlyTablespaces?: readonly TablespaceReference[];
  readonly steps: readonly Step[];
  /** Datafiles to copy, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  readonly warnings: readonly Warning[];
  /** What the plan was made from; the manifest records parts of it. */
  readonly facts: Facts;
}

export interface TablespaceReference {
  readonly container: ContainerName;
  readonly tablespace: TablespaceName;
}

/** Where everything of one backup lies. */
export interface BackupLayout {
  readonly directory: FilePath;
  readonly data: FilePath;
  readonly logs: FilePath;
  readonly control: FilePath;
  readonly parameters: FilePath;
  /** Holds the run's id: a directory without it is not ours to remove. */
  readonly marker: FilePath;
  readonly manifest: FilePath;
}

export interface HotBackupOptions {
  /** `USERS`, or `PDB1:USERS` where several containers have one of that name. Absent: all. */
  readonly tablespaces?: readonly string[];
  readonly parallel?: number;
  readonly mode?: HotBackupMode;
}
