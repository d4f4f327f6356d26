import type { RedoThread } from "../domain/coverage.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Scn, scn } from "../domain/scn.ts";

/**
 * Which redo threads were enabled when, as far as backups tell it. A thread is taken to be enabled for as long as no
 * backup says otherwise: redo that was not needed is asked for rather than the other way round. A thread that is new in a
 * backup began with its first log, where that is known, else right after the backup that had it not.
 */
export function threadsOfManifests(manifests: readonly Manifest[]): readonly RedoThread[] {
  const incarnations = new Set(manifests.map((one) => one.identity.resetlogsId));
  return [...incarnations].flatMap((incarnation) => {
    const line = manifests
      .filter((one) => one.identity.resetlogsId === incarnation)
      .toSorted((a, b) => (begin(a) < begin(b) ? -1 : begin(a) > begin(b) ? 1 : 0));
    const threads = new Set(line.flatMap((one) => one.scns.threads));
    return [...threads].toSorted((a, b) => a - b).map((thread) => spanOf(thread, incarnation, line));
  });
}

function spanOf(thread: number, incarnation: string, line: readonly Manifest[]): RedoThread {
  const has = (one: Manifest) => one.scns.threads.includes(thread);
  const first = line.findIndex(has);
  const last = line.findLastIndex(has);
  const without = line[first - 1];
  const from = without === undefined ? undefined : (firstRedo(thread, incarnation, line) ?? end(without));
  const gone = line[last + 1];
  return {
    thread,
    incarnation,
    ...(from === undefined ? {} : { from }),
    ...(gone === undefined ? {} : { to: begin(gone) }),
  };
}

function firstRedo(thread: number, incarnation: string, line: readonly Manifest[]): Scn | undefined {
  const logs = line.flatMap((one) => one.logs);
  const first = logs.find(
    (log) => log.thread === thread && log.resetlogsId === incarnation && log.sequence === 1,
  );
  return first === undefined ? undefined : scn(BigInt(first.firstScn));
}

function begin({ scns }: Manifest): Scn {
  return scn(BigInt(scns.neededFrom));
}

function end({ scns }: Manifest): Scn {
  return scn(BigInt(scns.recoverableTo));
}
