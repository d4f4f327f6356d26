import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Host } from "../../ports/host.ts";
import type { RmanCall } from "../../ports/rman.ts";

/**
 * A directory that only its owner may enter, and in it the script, mode 0600. Never standard input: RMAN would go on with
 * the next line after an error there. The name is printed between marks, as a login may print things of its own.
 */
const WRITE = [
  "umask 077",
  'd=$(mktemp -d "${TMPDIR:-/tmp}/umbra-rman.XXXXXXXX") || exit 1',
  'cat > "$d/script.rman" || exit 1',
  String.raw`printf '<%s/script.rman>\n' "$d"`,
].join("\n");
const MOST_OUTPUT_BYTES = 16_384;
/** Removing two names, on a host that may have gone. */
const REMOVE_MS = 10_000;

/** Gives the path of the script. UMB-7101 where it could not be written. */
export async function writeScript(host: Pick<Host, "run">, text: string, call: RmanCall): Promise<FilePath> {
  const options = { ...call, input: text, maxOutputBytes: MOST_OUTPUT_BYTES };
  const { status, stdout, stderr } = await host.run(["/bin/sh", "-c", WRITE], options);
  const [, path] = /^<(\/.*)>$/mu.exec(stdout.toString("utf8")) ?? [];
  if (status === 0 && path !== undefined) return path as FilePath;
  const action = "writing its script to a temporary directory";
  const message = stderr.toString("utf8").trim();
  throw new UmbraError("UMB-5506", {
    action,
    message: `its script could not be written to a temporary directory: ${message}`,
    codes: [],
    cause: "",
    lost: false,
  });
}

/** It holds no secret: where it cannot be removed it is left for whoever cleans temporary files. */
export async function removeScript(host: Pick<Host, "remove">, path: FilePath): Promise<void> {
  const options = { deadlineMs: REMOVE_MS };
  const directory = path.slice(0, path.lastIndexOf("/")) as FilePath;
  try {
    await host.remove(path, options);
    await host.remove(directory, options);
  } catch {
    // The host has gone, or somebody cleaned up already.
  }
}
