import { describe, expect, test } from "vitest";

import { databaseUser } from "../../rigs/database-user.ts";
import { expectAllRefused, expectRefused } from "./refused.ts";

test("NOARCHIVELOG (rule 3)", async () => {
  await using user = await databaseUser();
  await user.program.control.shutdown({ mode: "IMMEDIATE" });
  await user.program.control.startup({ to: "MOUNT" });
  await user.asDba("alter database noarchivelog");
  await user.asDba("alter database open");
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3102",
    rule: 3,
    seen: "the database is in NOARCHIVELOG mode: a hot backup could never be recovered (ORA-01123)",
    todo: "switch it to ARCHIVELOG in MOUNT, or take a cold backup after a clean shutdown",
  });
});

test("a foreign BEGIN BACKUP: its files are named, and it is left as it is (rule 36)", async () => {
  await using user = await databaseUser({ cdb: true });
  await user.asDba("alter tablespace USERS begin backup", "PDB1");
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3105",
    rule: 36,
    seen: /^datafiles are in backup mode already: 11 \(PDB1:USERS, since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/,
    todo: "find out who began it and wait for its end; umbra never ends what another began",
  });
  expect(user.inBackupMode()).toEqual([11]);
  await user.asDba("alter tablespace USERS end backup", "PDB1");
});

test("another DBID than configured (rule 2)", async () => {
  await using user = await databaseUser();
  user.configure({ dbid: "12345" });
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3101",
    rule: 2,
    seen: `the database ORCL (ORCL) has DBID ${user.program.instance.controlFile?.dbid}, not 12345 as configured`,
    todo: "check the connect string",
  });
});

describe("an instance that is not open READ WRITE", () => {
  test("down: the listener knows no service of it", async () => {
    await using user = await databaseUser();
    await user.program.control.shutdown({ mode: "IMMEDIATE" });
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5102",
      seen: 'Service "ORCL" is not registered with the listener',
      todo: "an instance that is down has none",
    });
  });

  test("down behind a static service", async () => {
    await using user = await databaseUser();
    user.configure({ service: user.program.ready.adminService });
    await user.program.control.shutdown({ mode: "IMMEDIATE" });
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5103",
      seen: "ORA-01034: ORACLE not available",
      todo: "look at v$instance and open it",
    });
  });

  test("mounted, with the ordinary service blocked", async () => {
    await using user = await databaseUser();
    await user.program.control.shutdown({ mode: "IMMEDIATE" });
    await user.program.control.startup({ to: "MOUNT" });
    await expectRefused(user, {
      exit: 5,
      code: "UMB-5107",
      seen: "ORA-12528",
      todo: "give umbra a statically registered service: SID_LIST of listener.ora",
    });
  });

  test("mounted, reached through a static service", async () => {
    await using user = await databaseUser();
    user.configure({ service: user.program.ready.adminService });
    await user.program.control.shutdown({ mode: "IMMEDIATE" });
    await user.program.control.startup({ to: "MOUNT" });
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3104",
      seen: "the database is MOUNTED, and a hot backup needs it open READ WRITE",
      todo: "open it READ WRITE",
    });
  });

  test("open READ ONLY", async () => {
    await using user = await databaseUser();
    await user.program.control.shutdown({ mode: "IMMEDIATE" });
    await user.program.control.startup({ to: "MOUNT" });
    await user.asDba("alter database open read only");
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3104",
      seen: "the database is READ ONLY, and a hot backup needs it open READ WRITE",
      todo: "open it READ WRITE",
    });
  });
});

test("a standby (rule 110)", async () => {
  await using user = await databaseUser();
  const control = user.program.instance.controlFile;
  if (control !== undefined) control.type = "STANDBY";
  await expectRefused(user, {
    exit: 3,
    code: "UMB-3103",
    rule: 110,
    seen: "the database is a PHYSICAL STANDBY",
    todo: "back up the primary, or this standby with RMAN",
  });
});

describe("files that cannot be copied", () => {
  test("in ASM: what to use instead (rule 14)", async () => {
    await using user = await databaseUser();
    const file = user.program.instance.controlFile?.datafiles.at(-1);
    if (file !== undefined) file.path = "+DATA/ORCL/DATAFILE/users.259.1";
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3107",
      rule: 14,
      // v$datafile_header cannot read it in the simulated instance, which has no ASM; a real one can.
      seen: /^datafile 4 of .*USERS \(\+DATA\/ORCL\/DATAFILE\/users\.259\.1\) lies in ASM/,
      todo: "back this database up with RMAN image copies, or with snapshots of the ASM disks",
    });
  });

  test("all of them are named at once", async () => {
    await using user = await databaseUser();
    for (const file of user.program.instance.controlFile?.datafiles ?? []) file.path = `+DATA/${file.file}`;
    const told = (user.program.instance.controlFile?.datafiles ?? []).map(({ path }) => ({
      exit: 3,
      code: "UMB-3107",
      rule: 14,
      seen: `(${path}) lies in ASM`,
      todo: "RMAN",
    }));
    expect(told.length).toBeGreaterThan(3);
    await expectAllRefused(user, told);
  });

  test("gone from the disk: with Oracle's words, and what to do", async () => {
    await using user = await databaseUser();
    const file = user.program.instance.controlFile?.datafiles.at(-1);
    if (file !== undefined) file.path += ".gone";
    await expectRefused(user, {
      exit: 3,
      code: "UMB-3108",
      rule: 5,
      seen: /users01\.dbf\.gone\): its header cannot be read: FILE NOT FOUND$/,
      todo: "restore or recover the file, or drop its tablespace",
    });
  });
});

test("every reason is told at once, the gravest first", async () => {
  await using user = await databaseUser();
  user.configure({ dbid: "12345", storagePath: `${user.directory}/nowhere` });
  await user.asDba("alter tablespace USERS begin backup");
  const told = (code: string, rule?: number) => ({
    exit: 3,
    code,
    ...(rule === undefined ? {} : { rule }),
    seen: /\w/,
    todo: /\w/,
  });
  await expectAllRefused(user, [told("UMB-3101", 2), told("UMB-3105", 36), told("UMB-3113")]);
});

test("check finds the same faults, changes nothing, and ends with status 3", async () => {
  await using user = await databaseUser();
  user.configure({ dbid: "12345", storagePath: `${user.directory}/nowhere` });
  await user.asDba("alter tablespace USERS begin backup");
  const before = user.untouched();
  const { status, stdout } = await user.umbra("check", "PROD1");
  expect(status).toBe(3);
  for (const item of ["identity", "backup mode", "backup area"]) {
    expect(stdout).toMatch(new RegExp(`^FAILED +${item} `, "m"));
  }
  expect(stdout).toMatch(/^PROD1 is not ready for a backup: 3 problems/m);
  expect(user.untouched()).toEqual(before);
});
