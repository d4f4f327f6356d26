import { expect, test } from "vitest";

import { readStorageMap } from "../../../src/discover/storage-map.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { factsExample } from "../cli/facts-example.ts";
import { mappedWorld } from "./mapped-world.ts";

test("links are followed before a file is placed, and the recovery area is found by its parameter", async () => {
  const links = {
    "/data/PROD1/system01.dbf": "/zfs/data/system01.dbf",
    "/backup/TEST": "/zfs/backup/TEST",
    "/fra": "/nfs/fra",
  };
  const facts = {
    ...factsExample,
    parameters: { db_recovery_file_dest: "/fra" },
    archiveDestinations: [
      {
        id: 1,
        status: "VALID",
        target: "PRIMARY",
        destination: "USE_DB_RECOVERY_FILE_DEST",
        binding: "OPTIONAL",
      },
      { id: 2, status: "VALID", target: "STANDBY", destination: "standby", binding: "OPTIONAL" },
    ],
  };
  const { volumes, backupArea } = await readStorageMap(mappedWorld({ links }), facts);
  const found = volumes.map(({ volume, files, holdsBackupArea }) => [
    volume.on === "mount" ? volume.mount.point : volume.on,
    files.map(({ name }) => name),
    holdsBackupArea,
  ]);
  expect(found).toEqual([
    ["/zfs/data", ["/data/PROD1/system01.dbf"], true],
    [
      "/",
      [
        "/data/PROD1/us\ners.dbf",
        "/data/PROD1/temp01.dbf",
        "/data/PROD1/control01.ctl",
        "/data/PROD1/redo01.log",
        "/data/PROD1/redo02.log",
      ],
      false,
    ],
    ["/nfs", ["/fra"], false],
  ]);
  expect(backupArea).toMatchObject({ on: "mount", mount: { point: "/zfs/backup" } });
});

test("a backup area on another machine shares nothing", async () => {
  const world = mappedWorld({ backupHost: "nas" });
  const { volumes, backupArea } = await readStorageMap(world, factsExample);
  expect(backupArea).toBeUndefined();
  expect(volumes.some(({ holdsBackupArea }) => holdsBackupArea)).toBe(false);
});

test("a host without realpath leaves the paths as the database has them", async () => {
  const { volumes } = await readStorageMap(mappedWorld({ realpath: false }), factsExample);
  expect(volumes.flatMap(({ files }) => files).every(({ name, path }) => name === path)).toBe(true);
});

test("a host that does not tell its mounts is a remark, not a failure", async () => {
  const error = new UmbraError("UMB-7107", { path: "/proc", operation: "read", deadlineMs: 1 });
  const map = await readStorageMap(mappedWorld({ mounts: () => Promise.reject(error) }), factsExample);
  expect(map.problem).toContain("/proc");
  expect(map.volumes.map(({ volume }) => volume.on)).toEqual(["unknown"]);
  const bug = mappedWorld({ mounts: () => Promise.reject(new Error("a bug")) });
  await expect(readStorageMap(bug, factsExample)).rejects.toThrow("a bug");
});
