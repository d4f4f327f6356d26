import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { FilePath } from "../../../src/domain/names.ts";
import { isUmbraError } from "../../../src/errors/umbra-error.ts";
import type { CopyRequest } from "../../../src/ports/copier.ts";
import { BLOCK } from "../formats/oracle-file.ts";

/** A folder of its own with a source file in it; removed at the end of its block. */
export interface Rig extends AsyncDisposable {
  readonly folder: string;
  readonly source: FilePath;
  readonly target: FilePath;
  request(over?: Partial<CopyRequest>): CopyRequest;
}

export async function rig(content: Uint8Array): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), "umbra-copy-"));
  const source = join(folder, "users 01.dbf") as FilePath;
  const target = join(folder, "copy.dbf") as FilePath;
  await writeFile(source, content);
  return {
    folder,
    source,
    target,
    request: (over = {}) => ({
      source,
      target,
      mode: "consistent",
      blockSize: BLOCK,
      relativeFile: 7,
      stallMs: 5_000,
      ...over,
    }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The code of the error that ends a promise; "none" where it is kept. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return isUmbraError(error) ? error.code : String(error);
  }
}
