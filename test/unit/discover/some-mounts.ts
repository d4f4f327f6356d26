import type { Mount } from "../../../src/domain/mount.ts";
import type { FilePath } from "../../../src/domain/names.ts";

const mount = (
  id: number,
  point: string,
  kind: string,
  source: string,
  more: Partial<Mount> = {},
): Mount => ({
  id,
  parent: id === 1 ? 0 : 1,
  point: point as FilePath,
  device: `8:${id}`,
  kind,
  source,
  root: "/",
  ...more,
});

/** One of each kind that a database is found on. */
export const someMounts: readonly Mount[] = [
  mount(1, "/", "ext4", "/dev/sda1"),
  mount(2, "/lvm", "xfs", "/dev/mapper/vg-data"),
  mount(3, "/zfs/data", "zfs", "tank/oradata", { device: "0:41" }),
  mount(4, "/zfs/backup", "zfs", "tank/backup", { device: "0:42" }),
  mount(5, "/btrfs", "btrfs", "/dev/sdc", { device: "0:43", root: "/@data" }),
  mount(6, "/btrfs-backup", "btrfs", "/dev/sdc", { device: "0:44", root: "/@backup" }),
  mount(7, "/nfs", "nfs4", "filer:/vol/oradata", { device: "0:45" }),
  mount(8, "/nfs-backup", "nfs4", "filer:/vol/backup", { device: "0:46" }),
  mount(9, "/bind", "ext4", "/dev/sda1", { device: "8:1", root: "/srv" }),
  mount(10, "/tmp", "tmpfs", "tmpfs", { device: "0:47" }),
];
