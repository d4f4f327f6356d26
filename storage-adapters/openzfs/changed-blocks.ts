import type { Snapshot } from "../../src/domain/snapshot.ts";
import { type CommandSetting, failed, privileged } from "../commands.ts";
import type { ChangedBlocksFacet, FileChange } from "../contract.ts";
import { fileChange } from "../file-change.ts";
import { type PlainFile, plainFiles } from "../plain-files.ts";
import { readSendDump } from "./send-dump.ts";
import { fullName, mustFind } from "./snapshots.ts";
import { inView } from "./view.ts";
import type { Zfs } from "./zfs.ts";

type Request = Parameters<ChangedBlocksFacet["between"]>[0];

/** Where administrators' programs are, though not on everybody's PATH. */
const FIND = `PATH=$PATH:/usr/sbin:/sbin
if command -v zstream >/dev/null; then dump='zstream dump'; else dump=zstreamdump; fi
`;

/** OpenZFS 2.x has `zstream`, those before and zfs-fuse `zstreamdump`; some systems pack neither. */
export async function canDump({ commands }: Zfs): Promise<boolean> {
  return (await commands.shell(`${FIND}command -v $dump >/dev/null || exit 1`, [])).status === 0;
}

/**
 * A send stream names each changed record of a file by its object number, which is the inode. The stream holds the changed
 * data as well: what is printed of it is a line for each record, where the storage is.
 */
export async function changedBlocks(
  setting: CommandSetting,
  zfs: Zfs,
  { volume, earlier, later, files }: Request,
): Promise<readonly (FileChange | undefined)[]> {
  const from = await mustFind(zfs, { volume, name: earlier });
  const to = await mustFind(zfs, { volume, name: later });
  const before = await filesIn(zfs, from, files);
  const after = await filesIn(zfs, to, files);
  const inodes = new Set([...after.values()].map(({ inode }) => inode));
  const argv = privileged(setting, ["zfs", "send", "-i", fullName(from), fullName(to)]);
  const { status, stdout, said } = await zfs.commands.shell(`${FIND}"$@" | $dump -v`, argv);
  const dump = stdout.toString();
  // The status is that of the last program: of a stream that never began there is no END.
  if (status !== 0 || !/^END /m.test(dump)) throw failed(zfs.storage, argv, status, said);
  const extents = readSendDump(zfs.storage, dump, inodes);
  return files.map((inside) => {
    const file = after.get(inside);
    return fileChange(inside, before.get(inside), file, extents.get(file?.inode ?? "") ?? []);
  });
}

/** Of a snapshot that cannot be looked into nothing is known. */
async function filesIn(
  zfs: Zfs,
  snapshot: Snapshot,
  files: readonly string[],
): Promise<ReadonlyMap<string, PlainFile>> {
  const found = await inView(zfs, snapshot, async (root) => await plainFiles(zfs.commands, root, files));
  return found ?? new Map();
}
