import { open } from "node:fs/promises";
import { dirname } from "node:path";

import { type HostAddress, hostAddressText } from "../../domain/host-address.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { makeDirectory } from "../host/make-directory.ts";
import { errnoOf } from "../host/path-call.ts";
import { syncDirectory } from "../host/sync-directory.ts";
import { type HostKeyBlob, typeOf } from "./host-key.ts";
import { type KnownHost, parseKnownHosts } from "./known-hosts.ts";
import { readInTime } from "./read-in-time.ts";

/** The state directory is on a local disk; this is for what cannot be. */
const OWN_MS = 10_000;

/**
 * Read anew at each connection, so that a key revoked now is refused now. A file that is not there is empty.
 * Errors: UMB-7218, also for one that is not read within `deadlineMs`.
 */
export async function readKnownHosts(
  paths: readonly FilePath[],
  deadlineMs: number,
): Promise<readonly KnownHost[]> {
  const all = await Promise.all(
    paths.map(async (path) => parseKnownHosts(await textOf(path, deadlineMs), path)),
  );
  return all.flat();
}

/** Adds one line, durable when this resolves. Appending keeps what another process adds at the same time. */
export async function addKnownHost(path: FilePath, address: HostAddress, key: HostKeyBlob): Promise<void> {
  const before = await textOf(path, OWN_MS);
  // A line that a death cut short must not swallow this one.
  const start = before === "" || before.endsWith("\n") ? "" : "\n";
  const line = `${start}${hostAddressText(address)} ${typeOf(key)} ${key.toString("base64")}\n`;
  try {
    await makeDirectory(dirname(path));
    await using file = await open(path, "a", 0o640);
    await file.appendFile(line);
    await file.sync();
    await syncDirectory(dirname(path));
  } catch (error) {
    throw unusable(path, "written", error);
  }
}

async function textOf(path: FilePath, deadlineMs: number): Promise<string> {
  try {
    return (await readInTime(path, deadlineMs)).toString("utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return "";
    throw unusable(path, "read", error);
  }
}

function unusable(path: FilePath, what: string, error: unknown): UmbraError {
  return new UmbraError(
    "UMB-7218",
    { path, what, errno: errnoOf(error) ?? (error as Error).message },
    { cause: error },
  );
}
