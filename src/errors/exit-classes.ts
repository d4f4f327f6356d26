/** Exit status of the process by class of error. Part of the public surface. */
export const exitClass = {
  done: 0,
  bug: 1,
  usage: 2,
  refused: 3,
  partial: 4,
  database: 5,
  storage: 6,
  host: 7,
  locked: 8,
  verification: 9,
  production: 10,
  /** No backup failed: what should have gone is still there. */
  retention: 11,
  interrupted: 130,
} as const;
