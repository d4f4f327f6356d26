/** An error of the instance. `text` may hold several lines, each with its ORA- code; the first is the error. */
export class OraError extends Error {
  readonly code: number;
  /** Position of the fault in the statement, from 0. */
  readonly position: number;

  constructor(code: number, text: string, options: { position?: number; below?: readonly string[] } = {}) {
    super([`ORA-${String(code).padStart(5, "0")}: ${text}`, ...(options.below ?? [])].join("\n"));
    this.name = "OraError";
    this.code = code;
    this.position = options.position ?? 0;
  }
}
