import { readIdentity } from "../discover/identity.ts";
import type { FilePath } from "../domain/names.ts";
import type { FileIdentity } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { StepContext } from "./step-context.ts";

/**
 * A file is copied without backup mode because nobody writes it. Whoever starts to write it writes its header first: when
 * the header is at the end of the copy what it was at the beginning, nothing was written in between.
 */
async function requireUntouched(
  source: FilePath,
  head: Buffer,
  { world, hosts }: StepContext,
): Promise<void> {
  const now = await world.databaseHost.read(source, { offset: 0, length: head.length }, hosts);
  if (now.equals(head)) return;
  const problems = ["its source was opened for writing while it was copied without backup mode"];
  throw new UmbraError("UMB-9001", { path: source, problems, rule: 128 });
}

/** As `requireUntouched`, and notes an SCN from before the look: what is written later has redo from there on. */
export async function seeUntouched(
  { file }: FileIdentity,
  source: FilePath,
  head: Buffer,
  context: StepContext,
): Promise<void> {
  const { sessions, statement, results } = context;
  const { currentScn } = await sessions.root((db) => readIdentity(db, statement));
  await requireUntouched(source, head, context);
  results.area.seenAt.set(file, currentScn);
}
