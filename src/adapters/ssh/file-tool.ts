import type { FilePath } from "../../domain/names.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { HostOptions } from "../../ports/host.ts";
import { errnoOfText } from "./errno-text.ts";
import { scripts } from "./file-scripts.ts";
import { runOverSsh, type SshRunner } from "./run-over-ssh.ts";

/** Names of a large directory; more is a mistake. */
const ANSWER_BYTES = 64 * 1024 * 1024;

export interface FileCall {
  readonly script: keyof typeof scripts;
  /** As the local host calls it in its errors. */
  readonly operation: string;
  readonly path: FilePath;
  /** $1, $2 … of the script; the path alone where nothing is said. */
  readonly args?: readonly string[];
  readonly options: HostOptions;
  readonly input?: Uint8Array;
}

/** Standard output of a script that succeeded. */
export type FileTool = (call: FileCall) => Promise<Buffer>;

/** Errors as those of the local host (UMB-7107, UMB-7108), and those of the connection. */
export function fileTool(runner: SshRunner): FileTool {
  return async ({ script, operation, path, args = [path], options, input }) => {
    // The words of the tools are read, so they must be those of the C locale.
    const argv = ["env", "LC_ALL=C", "sh", "-c", scripts[script], "sh", ...args];
    const run = { ...options, maxOutputBytes: ANSWER_BYTES, ...(input && { input }) };
    const { status, signal, stdout, stderr } = await runOverSsh(runner, argv, run).catch((error: unknown) => {
      if (!isUmbraError(error) || error.code !== "UMB-7202") throw error;
      throw new UmbraError("UMB-7107", { path, operation, deadlineMs: options.deadlineMs }, { cause: error });
    });
    if (status === 0) return stdout;
    const said = stderr.toString();
    const errno = errnoOfText(said);
    if (errno !== undefined) throw new UmbraError("UMB-7108", { path, operation, errno });
    const problem = said.trim() || (signal ?? `status ${status}`);
    throw new UmbraError("UMB-7205", { host: runner.host, path, operation, problem });
  };
}

/** undefined where the path, or a directory on the way to it, is not there. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (!isUmbraError(error) || error.code !== "UMB-7108") throw error;
    const { errno } = error.context as { readonly errno: string };
    if (errno === "ENOENT" || errno === "ENOTDIR") return undefined;
    throw error;
  }
}
