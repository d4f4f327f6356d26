import type { Brand } from "./brand.ts";

/** Name of a database in the configuration; the key of everything umbra stores about it. */
export type DatabaseName = Brand<string, "DatabaseName">;
/** One execution of one plan: `20261121T093300Z-hot-4f2a`. Sorts by time. */
export type RunId = Brand<string, "RunId">;
/** Name of a step inside its plan, chosen by the planner and stable: `copy-datafile:7`. */
export type StepId = Brand<string, "StepId">;
/** CDB$ROOT, PDB$SEED or a pluggable database; CDB$ROOT also stands for a database without containers. */
export type ContainerName = Brand<string, "ContainerName">;
/** A tablespace's name exactly as the dictionary has it, unquoted. Unique only inside its container. */
export type TablespaceName = Brand<string, "TablespaceName">;
/** An absolute path on the database host or the backup storage; may hold any character but NUL. */
export type FilePath = Brand<string, "FilePath">;

export const ROOT = "CDB$ROOT" as ContainerName;
export const SEED = "PDB$SEED" as ContainerName;
