import { programsOver } from "../programs-over.ts";
import { isAbsent, type Zfs, zfsFailed } from "./zfs.ts";

/** Never set on anything. */
const NOTHING = "umbra:settle";

/**
 * What a caller gave up may still be done: zfs-fuse finishes the request of a program that was killed, long after it is
 * dead where the machine is busy. Changes are made in the order in which they were asked for, and each is answered when
 * it is on disk: when no program that names `what` is left, and a change of `dataset` that changes nothing is answered,
 * then all before it is over. Who found nothing settles, and looks again.
 */
export async function settle(zfs: Zfs, dataset: string, what: string): Promise<void> {
  await programsOver(zfs.commands, [what]);
  const args = ["inherit", NOTHING, dataset];
  const settled = await zfs.attempt(args);
  // Where there is no room for it there was none for what was asked for before.
  if (settled.status === 0 || isAbsent(settled) || /out of space/i.test(settled.said)) return;
  throw zfsFailed(zfs.storage, args, settled);
}
