import { failureFromErrno } from "../../copy/failure.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { RunResult } from "../../ports/host.ts";
import type { copyScripts } from "./copy-scripts.ts";
import { errnoOfText } from "./errno-text.ts";

interface CopiedPaths {
  readonly source: FilePath;
  readonly target: FilePath;
  readonly part: FilePath;
}

/** What dd says of the file it writes. */
const WRITING = /error writing|fsync failed|fdatasync failed|closing output|failed to truncate|cannot seek/;

/** The error of the copy engine for how a script ended. */
export function toolFailure(
  host: string,
  script: keyof typeof copyScripts,
  { status, signal, stderr }: RunResult,
  { source, target, part }: CopiedPaths,
): UmbraError {
  const said = stderr
    .toString()
    .split("\n")
    .filter((line) => line !== "" && !/^\d+$/.test(line))
    .join("\n");
  if (script === "copy" && status === 3) return new UmbraError("UMB-6104", { path: part });
  const ofSource = status === 5 && script !== "hash" && !WRITING.test(said);
  const path = ofSource ? source : script === "publish" ? target : part;
  const name = ofSource || script === "hash" ? "read" : status === 4 ? "create" : WRITES[script];
  const errno = errnoOfText(said);
  if (errno !== undefined)
    return failureFromErrno({ side: ofSource ? "source" : "target", path, name }, errno);
  const problem = said || (signal ?? `status ${status}`);
  return new UmbraError("UMB-7205", { host, path, operation: name, problem });
}

const WRITES = { copy: "write", copyAgain: "write", hash: "read", publish: "rename" } as const;
