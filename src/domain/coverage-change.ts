import type { Incarnation, IncarnationCoverage, ScnInterval } from "./coverage.ts";

/** What can be restored before and after something goes. */
export interface CoverageChange {
  readonly before: readonly IncarnationCoverage[];
  readonly after: readonly IncarnationCoverage[];
  /** What can be restored now and could not afterwards; none of it is protected. */
  readonly given: readonly (ScnInterval & { readonly incarnation: string })[];
  readonly incarnations: readonly Incarnation[];
  /** The incarnation that the database is in. */
  readonly current: string;
}
