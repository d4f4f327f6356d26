import type { Incarnation, IncarnationCoverage } from "./coverage.ts";
import type { Instant } from "./instant.ts";
import type { DatabaseName } from "./names.ts";
import type { Scn } from "./scn.ts";

/** What can be restored of one database now, with what is needed to show it. */
export interface CoverageReport {
  readonly database: DatabaseName;
  readonly at: Instant;
  /** Those of the current line and others that backups are of. */
  readonly incarnations: readonly Incarnation[];
  readonly coverage: readonly IncarnationCoverage[];
  readonly current: { readonly incarnation: string; readonly scn: Scn };
  /** Why the database could not be asked: what is newer than its backups is not known then. */
  readonly unreachable?: string;
  /** Moment of an end of an interval, a hole or a way, as far as heartbeats tell it. */
  readonly momentOf: (
    incarnation: string,
    scn: Scn,
  ) => { readonly notBefore?: Instant; readonly notAfter?: Instant };
  /** Age of the newest change that can be restored, in seconds: what would be lost now. Absent where nothing tells it. */
  readonly achievedRpoSeconds?: number;
}
