import type { DatabaseConfig, Fleet, HostConfig, StorageConfig } from "../domain/fleet.ts";
import type { State } from "../state/state.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Found } from "./line.ts";

export interface DoctorAround {
  readonly fleet: Fleet;
  readonly diagnostics: Diagnostics;
  /** Opens the local state, once; rejects with UMB-80xx. */
  readonly state: () => Promise<State>;
}

export interface CheckCall {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** A look at one part of the installation; one file each, all listed in `checks.ts`. */
export interface DoctorCheck<Subject> {
  readonly what: string;
  /** undefined: it says nothing about this subject. What it throws is a problem. */
  look(around: DoctorAround, subject: Subject, call: CheckCall): Promise<Found | undefined>;
}

/** A storage where one database uses it. */
export interface UsedStorage {
  readonly storage: StorageConfig;
  readonly database: DatabaseConfig;
}

export interface DoctorChecks {
  readonly installation: readonly DoctorCheck<Fleet>[];
  readonly host: readonly DoctorCheck<HostConfig>[];
  readonly database: readonly DoctorCheck<DatabaseConfig>[];
  readonly storage: readonly DoctorCheck<UsedStorage>[];
}
