import { expect, test } from "vitest";

import { jsonText } from "../../../src/cli/json-text.ts";
import { inventoryData, inventoryText } from "../../../src/cli/render/inventory.ts";
import { readStorageMap } from "../../../src/discover/storage-map.ts";
import { mappedWorld } from "../discover/mapped-world.ts";
import { factsExample } from "./facts-example.ts";

const links = { "/data/PROD1/system01.dbf": "/zfs/data/system01.dbf", "/arch2": "+FRA" };
const storage = await readStorageMap(mappedWorld({ links }), factsExample);

test("the inventory shows containers, tablespaces, files, threads and destinations", () => {
  expect(inventoryText(factsExample, storage)).toMatchInlineSnapshot(`
    "PROD1 (PROD1_A), DBID 1234567890, Oracle 19.25.0.0.0
    PRIMARY, READ WRITE, ARCHIVELOG, CDB, 200 MiB in 2 datafiles
    SCN 18446744073709551615, resetlogs SCN 1, clock 12 ms ahead of this host's (± 3 ms)

    Containers
      ID  NAME      OPEN MODE
       1  CDB$ROOT  READ WRITE
       3  PDB1      MOUNTED

    Tablespaces
      CONTAINER  TABLESPACE  CONTENTS   STATUS  FILES     SIZE
      CDB$ROOT   SYSTEM      PERMANENT  ONLINE      1  100 MiB
      PDB1       USERS       ?          ?           1  100 MiB

    Datafiles
      FILE  CONTAINER  TABLESPACE  STATUS  ENABLED     BACKUP MODE        SIZE  VOLUME                      PATH
         1  CDB$ROOT   SYSTEM      SYSTEM  READ WRITE  no              100 MiB  /zfs/data zfs tank/oradata  /data/PROD1/system01.dbf
         2  PDB1       USERS       ONLINE  READ WRITE  since SCN 4711  100 MiB  / ext4 /dev/sda1            /data/PROD1/us\\ners.dbf

    Temp files (recorded, never copied)
      FILE  CONTAINER  TABLESPACE      SIZE  PATH
         1  CDB$ROOT   TEMP        1.00 KiB  /data/PROD1/temp01.dbf

    Redo threads
      THREAD  STATUS  ENABLED  GROUPS  CURRENT SEQUENCE
           1  OPEN    PUBLIC        2                42

    Archive destinations
      ID  STATUS  TARGET   BINDING   DESTINATION  ERROR
       1  VALID   PRIMARY  OPTIONAL  /arch/PROD1
       2  ERROR   PRIMARY  OPTIONAL  /arch2       ORA-19502

    Other files
      KIND                   PATH
      control file           /data/PROD1/control01.ctl
      online log 1           /data/PROD1/redo01.log
      online log 2           /data/PROD1/redo02.log
      server parameter file  /u01/dbs/spfilePROD1.ora
      password file          not known
      block change tracking  none

    Storage
      VOLUME                      KIND     FILES                                                                             SIZE  BACKUP AREA  SNAPSHOTS
      /zfs/data zfs tank/oradata  dataset  1 datafile                                                                     100 MiB  apart        yes: openzfs
      / ext4 /dev/sda1            device   1 datafile, 1 temp file, 1 control file, 2 online logs, 1 archive destination  100 MiB  SHARED       no
      disk group +FRA             ASM      1 archive destination                                                              0 B  apart        no: RMAN only
      The backup area is on / ext4 /dev/sda1."
  `);
});

test("SCNs keep all their digits in JSON, and moments are UTC", () => {
  const data = JSON.parse(jsonText(inventoryData(factsExample, storage))) as {
    readAt: string;
    identity: { currentScn: string };
  };
  expect(data.readAt).toBe("2026-11-21T09:33:00.000Z");
  expect(data.identity.currentScn).toBe("18446744073709551615");
});

test("JSON has every file below the volume that it lies on", () => {
  const data = JSON.parse(jsonText(inventoryData(factsExample, storage))) as {
    storageMap: { volumes: readonly { files: readonly { use: string; name: string }[] }[] };
  };
  expect(data.storageMap).toMatchObject({
    backupArea: { on: "mount", mount: { point: "/" } },
    volumes: [
      { on: "mount", object: { adapter: "openzfs" }, holdsBackupArea: false, bytes: 104_857_600 },
      { on: "mount", holdsBackupArea: true },
      { on: "disk group", group: "+FRA" },
    ],
  });
  expect(data.storageMap.volumes[1]?.files).toContainEqual(
    expect.objectContaining({ use: "control file", name: "/data/PROD1/control01.ctl" }) as object,
  );
});

test("where nothing is known of the mounts, the inventory says why", () => {
  const text = inventoryText(factsExample, { ...storage, volumes: [], problem: "no answer" });
  expect(text).toContain("Storage\n  not known: no answer");
});
