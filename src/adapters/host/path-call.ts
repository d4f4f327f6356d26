import type { FilePath } from "../../domain/names.ts";
import { isUmbraError, UmbraError } from "../../errors/umbra-error.ts";
import type { HostOptions } from "../../ports/host.ts";

/**
 * One operation on a path, left when its deadline passes: a dead NFS server holds a call for ever, and nothing in the
 * process can end it. `stillWanted` is false from then on: what would take effect later must look at it first.
 */
export async function onPath<T>(
  path: FilePath,
  operation: string,
  options: HostOptions,
  call: (stillWanted: () => boolean) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  let wanted = true;
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = (error: unknown) => {
    wanted = false;
    reject(error);
  };
  const { deadlineMs } = options;
  const late = () => leave(new UmbraError("UMB-7107", { path, operation, deadlineMs }));
  const timer = setTimeout(late, deadlineMs);
  const cancel = () => leave(options.signal?.reason);
  options.signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await Promise.race([call(() => wanted), left]);
  } catch (error) {
    throw wanted ? hostError(path, operation, error) : error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", cancel);
  }
}

function hostError(path: FilePath, operation: string, error: unknown): unknown {
  const errno = errnoOf(error);
  if (isUmbraError(error) || errno === undefined) return error;
  return new UmbraError("UMB-7108", { path, operation, errno }, { cause: error });
}

/** ENOENT and the like; undefined for an error that no system call gave. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
