import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { filesByMount, shareSpace, volumeOf } from "../../../src/discover/volumes.ts";
import { type Mount, mountOf } from "../../../src/domain/mount.ts";
import { someMounts } from "./some-mounts.ts";

const on = (path: string) => volumeOf(path, someMounts);

describe("a file is told with the object that its storage takes pictures of", () => {
  test.each([
    ["/u01/a.dbf", "device", "/dev/sda1", "no", undefined],
    ["/lvm/a.dbf", "logical volume", "/dev/mapper/vg-data", "perhaps", "reflink"],
    ["/zfs/data/a.dbf", "dataset", "tank/oradata", "snapshot", "openzfs"],
    ["/btrfs/a.dbf", "subvolume", "/dev/sdc/@data", "snapshot", "btrfs"],
    ["/nfs/a.dbf", "export", "filer:/vol/oradata", "perhaps", undefined],
    ["/tmp/a.dbf", "other", "tmpfs", "no", undefined],
  ] as const)("%s", (path, kind, name, pictures, adapter) => {
    expect(on(path)).toMatchObject({ on: "mount", object: { kind, name, pictures, adapter } });
  });

  test("in ASM it is the disk group, and what is no path is on nothing", () => {
    expect(on("+DATA/PROD1/users.1.2")).toEqual({ on: "disk group", group: "+DATA" });
    expect(on("+FRA")).toEqual({ on: "disk group", group: "+FRA" });
    expect(on("SERVICE=standby")).toEqual({ on: "unknown" });
    expect(volumeOf("/x", [])).toEqual({ on: "unknown" });
  });
});

test("volumes that fill up together are told", () => {
  expect(shareSpace(on("/zfs/data/a"), on("/zfs/backup/a"))).toBe(true);
  expect(shareSpace(on("/btrfs/a"), on("/btrfs-backup/a"))).toBe(true);
  expect(shareSpace(on("/u01/a"), on("/bind/a"))).toBe(true);
  expect(shareSpace(on("/nfs/a"), on("/nfs-backup/a"))).toBe(false);
  expect(shareSpace(on("/u01/a"), on("/tmp/a"))).toBe(false);
  expect(shareSpace(on("+DATA/a"), on("+DATA/b"))).toBe(true);
  expect(shareSpace(on("a"), on("b"))).toBe(false);
});

test("every file is on exactly one volume, and that is its mount", () => {
  const points = someMounts.map(({ point }) => point);
  const path = fc
    .tuple(fc.constantFrom(...points, "+DATA", ""), fc.stringMatching(/^[a-z]{1,4}(\/[a-z]{1,4})?$/u))
    .map(([base, rest]) => `${base}/${rest}`);
  fc.assert(
    fc.property(fc.array(path), fc.subarray([...someMounts]), (paths, mounts: readonly Mount[]) => {
      const groups = filesByMount(
        paths.map((one) => ({ path: one })),
        mounts,
      );
      const all = groups.flatMap(({ files }) => files.map((file) => file.path));
      expect(all.toSorted()).toEqual(paths.toSorted());
      for (const { volume, files } of groups) {
        if (volume.on !== "mount") continue;
        for (const file of files) expect(mountOf(file.path, mounts)).toBe(volume.mount);
      }
    }),
  );
});
