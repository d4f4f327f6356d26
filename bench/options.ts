export interface BenchOptions {
  /** Bytes of the measured file or database. */
  readonly size: number;
  /** Rounds; each measures both sides. */
  readonly pairs: number;
}
