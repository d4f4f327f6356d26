import type { FilePath } from "../domain/names.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { StepContext } from "./step-context.ts";

/**
 * A file is copied without backup mode because nobody writes it. Whoever starts to write it writes its header first: when
 * the header is at the end of the copy what it was at the beginning, nothing was written in between.
 */
export async function requireUntouched(
  source: FilePath,
  head: Buffer,
  { world, hosts }: StepContext,
): Promise<void> {
  const now = await world.databaseHost.read(source, { offset: 0, length: head.length }, hosts);
  if (now.equals(head)) return;
  const problems = ["its source was opened for writing while it was copied without backup mode"];
  throw new UmbraError("UMB-9001", { path: source, problems, rule: 128 });
}
