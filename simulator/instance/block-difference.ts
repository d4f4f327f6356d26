import type { Patch } from "./redo-record.ts";

/** Ranges closer than this are logged as one: a patch costs four bytes of its own. */
const JOIN_WITHIN = 8;

/**
 * What turns `before` into `after`, from byte 20 to the tail; header and tail follow from SCN and seq, but for the type.
 * `before` undefined stands for zeroes.
 */
export function differences(before: Buffer | undefined, after: Buffer): Patch[] {
  const patches: Patch[] = [];
  const end = after.length - 4;
  let start = -1;
  let last = -1;
  const close = (): void => {
    if (start >= 0) patches.push({ offset: start, bytes: Buffer.from(after.subarray(start, last + 1)) });
  };
  const note = (at: number): void => {
    if (start < 0 || at - last > JOIN_WITHIN) {
      close();
      start = at;
    }
    last = at;
  };
  if ((before?.[0] ?? 0) !== after[0]) note(0);
  for (let chunk = 20; chunk < end; chunk += 64) {
    const to = Math.min(chunk + 64, end);
    if (before !== undefined && before.compare(after, chunk, to, chunk, to) === 0) continue;
    for (let at = chunk; at < to; at += 1) if ((before?.[at] ?? 0) !== after[at]) note(at);
  }
  close();
  return patches;
}

export function patch(block: Buffer, patches: readonly Patch[]): void {
  for (const { offset, bytes } of patches) bytes.copy(block, offset);
}
