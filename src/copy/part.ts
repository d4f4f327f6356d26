import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";

import { UmbraError } from "../errors/umbra-error.ts";
import { errnoOf } from "./failure.ts";
import type { Files, OpenFile } from "./files.ts";
import { within, type Patience } from "./patience.ts";

/** End of the name of a copy that is not whole yet. Whoever finds such a file may remove it. */
const PART_SUFFIX = ".umbra-part";
/** Longest name of a directory entry on the file systems that Oracle supports. */
const NAME_MAX = 255;

/** Temporary name of a copy: beside the target, so that the rename stays inside one file system. */
export function partPath(target: string): string {
  const name = `.${basename(target)}${PART_SUFFIX}`;
  if (Buffer.byteLength(name) <= NAME_MAX) return join(dirname(target), name);
  const short = createHash("sha256").update(basename(target)).digest("hex").slice(0, 32);
  return join(dirname(target), `.${short}${PART_SUFFIX}`);
}

/** Creates the part file. One that an interrupted copy left is replaced; anything else under its name is refused. */
export async function createPart(files: Files, path: string, patience: Patience): Promise<OpenFile> {
  const operation = (name: string) => ({ side: "target" as const, path, name });
  const create = () =>
    within(patience, operation("create"), files.createNew(path), (late) => void late.close());
  try {
    return await create();
  } catch (error) {
    if (errnoOf((error as Error).cause) !== "EEXIST") throw error;
  }
  if (!(await within(patience, operation("stat"), files.isPlainEntry(path)))) {
    throw new UmbraError("UMB-6104", { path });
  }
  await within(patience, operation("remove"), files.remove(path));
  return create();
}
