import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";

/** The database's host, or the backup storage: decides who is to blame for an error. */
export type Side = "source" | "target";

/** One operation on a file, for the text of an error. */
export interface Operation {
  readonly side: Side;
  readonly path: string;
  /** A verb: open, read, write, fsync, rename. */
  readonly name: string;
  /** The target holds an older state of the file, and parts of it are written. */
  readonly inPlace?: boolean;
}

const noSpace = new Set(["ENOSPC", "EDQUOT"]);

/** The error of umbra for what the operating system said. Errors that are umbra's already stay what they are. */
export function failureOf(operation: Operation, cause: unknown): UmbraError {
  if (isUmbraError(cause)) return cause;
  return failureFromErrno(operation, errnoOf(cause), cause);
}

export function failureFromErrno(operation: Operation, errno: string, cause?: unknown): UmbraError {
  const { path, side, name } = operation;
  if (side === "target") {
    if (noSpace.has(errno)) {
      return new UmbraError(operation.inPlace ? "UMB-6105" : "UMB-6102", { path, errno }, { cause });
    }
    return new UmbraError("UMB-6101", { path, operation: name, errno }, { cause });
  }
  if (errno === "ENOENT") return new UmbraError("UMB-7101", { path }, { cause });
  return new UmbraError("UMB-7103", { path, operation: name, errno }, { cause });
}

/** The file ended before the bytes that were there when the pass began. */
export function shortened(file: { side: Side; path: string }, bytes: number, wanted: number): UmbraError {
  const { path, side } = file;
  if (side === "source") return new UmbraError("UMB-7104", { path, bytes, wanted });
  return new UmbraError("UMB-6101", { path, operation: "read", errno: `an end of file at ${bytes} bytes` });
}

export function stalled({ side, path }: { side: Side; path: string }, stallMs: number): UmbraError {
  return new UmbraError(side === "target" ? "UMB-6103" : "UMB-7106", { path, stallMs });
}

export function errnoOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : String(error);
}
