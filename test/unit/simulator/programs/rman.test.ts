import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { rman } from "../../../../simulator/programs/rman/rman.ts";
import { refreshOf, rmanRig } from "./rman-rig.ts";

test("a client prints its release, its target and its end, and exits with 0", async () => {
  await using rig = await rmanRig();
  const { code, output } = await rig.script("exit");
  expect(code).toBe(0);
  expect(output).toMatch(
    /^\nRecovery Manager: Release 19\.0\.0\.0\.0 - Production on \w{3} \w{3} \d+ [\d:]+ \d{4}\nVersion 19\.21\.0\.0\.0\n/u,
  );
  expect(output).toMatch(/connected to target database: ORCL \(DBID=\d+\)\n/u);
  expect(output).toMatch(/\nRecovery Manager complete\.\n$/u);
});

test("msgno puts numbers before messages, NLS_DATE_FORMAT makes its dates, log takes the output", async () => {
  await using rig = await rmanRig();
  const log = join(rig.area, "log");
  const { output } = await rig.script("backup as copy current controlfile format '" + rig.area + "/cf';", {
    argv: ["msgno", `log=${log}`],
    env: { NLS_DATE_FORMAT: "YYYY-MM-DD" },
  });
  expect(output).toBe("");
  const text = readFileSync(log, "utf8");
  expect(text).toMatch(/^RMAN-03090: Starting backup at \d{4}-\d\d-\d\d$/mu);
  expect(text).toMatch(/^RMAN-08030: allocated channel: ORA_DISK_1$/mu);
});

test("what is not understood ends the script where it stands", async () => {
  await using rig = await rmanRig();
  const { code, output } = await rig.script(`sql 'alter system checkpoint';\nbackup everything;\nlist copy;`);
  expect(code).toBe(1);
  expect(output).toContain("sql statement: alter system checkpoint");
  expect(output).toContain('RMAN-01009: syntax error: found "everything"\nRMAN-01007: at line 2 column 8');
  expect(output).not.toContain("RMAN> list");
});

test("an instance that is idle or not mounted has no backups", async () => {
  await using rig = await rmanRig();
  await rig.instance.shutdown("IMMEDIATE");
  const idle = await rig.script(refreshOf(rig.area));
  expect(idle.code).toBe(1);
  expect(idle.output).toContain("connected to target database (not started)");
  expect(idle.output).toMatch(/RMAN-06403: .*\nORA-01034: ORACLE not available/u);
  await rig.instance.startup({ to: "NOMOUNT" });
  expect((await rig.script(refreshOf(rig.area))).output).toMatch(
    /RMAN-03002: failure of backup command at .*\nORA-01507: database not mounted/u,
  );
});

test("a database without archiving is copied closed only", async () => {
  await using rig = await rmanRig();
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  await rig.instance.setLogMode("NOARCHIVELOG");
  await rig.instance.open("READ WRITE");
  const open = await rig.script(refreshOf(rig.area));
  expect(open.output).toMatch(
    /RMAN-03009: failure of backup command on c1 channel .*\nORA-19602: cannot backup or copy active file/u,
  );
  await rig.instance.shutdown("IMMEDIATE");
  await rig.instance.startup({ to: "MOUNT" });
  expect((await rig.script(refreshOf(rig.area))).code).toBe(0);
});

test("users outside the groups are refused", async () => {
  await using rig = await rmanRig({ groups: ["oper"] });
  const { code, output } = await rig.script("list copy;");
  expect(code).toBe(1);
  expect(output).toContain("ORA-01017");
});

test("Standard Edition works on the first channel, and says so; Enterprise Edition on all", async () => {
  await using rig = await rmanRig();
  const script = (tag: string) => `run {
    allocate channel c1 device type disk format '${rig.area}/%U_1_${tag}';
    allocate channel c2 device type disk format '${rig.area}/%U_2_${tag}';
    backup as copy incremental level 0 tag '${tag}' database;
  }`;
  const ee = await rig.script(script("EE"));
  expect(ee.output).toContain("channel c2: starting datafile copy");
  expect(ee.output).not.toContain("RMAN-06908");
  Object.assign(rig.host, { edition: "SE2" });
  const se = await rig.script(script("SE"));
  expect(se.code).toBe(0);
  expect(se.output).toMatch(
    /RMAN-06908: WARNING: .*\nRMAN-06909: WARNING: parallelism require Enterprise Edition\n/u,
  );
  expect(se.output).not.toContain("channel c2: starting datafile copy");
});

test("a file larger than a section gets a set of its own, in several pieces", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  await rig.addRow();
  const { file, blocks } = rig.file("USERS");
  const { output } = await rig.script(`run {
    allocate channel c1 device type disk format '${rig.area}/%U';
    backup incremental level 1 for recover of copy with tag 'UMBRA' datafile ${file} section size 128k;
    recover copy of datafile ${file} with tag 'UMBRA';
  }`);
  const pieces = Math.ceil((blocks + 1) / 16);
  expect(output).toContain(`channel c1: finished piece ${pieces} at`);
  expect(output).toContain(`channel c1: restored backup piece ${pieces}\n`);
});

test("sets are deleted with their files; what the disk lost already is a warning", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  for (let round = 0; round < 2; round += 1) {
    await rig.addRow();
    await rig.script(refreshOf(rig.area));
  }
  const [kept, lost] = rig.instance.controlFile?.rman?.sets ?? [];
  const handle = kept?.pieces[0]?.handle ?? "";
  rmSync(lost?.pieces[0]?.handle ?? "");
  const { output } = await rig.script(`delete noprompt backupset ${kept?.recid}, ${lost?.recid};`);
  expect(output).toContain(`deleted backup piece\nbackup piece handle=${handle} RECID=`);
  expect(existsSync(handle)).toBe(false);
  expect(output).toContain("RMAN-06207: WARNING: 1 objects could not be deleted");
  const checked = await rig.script("crosscheck backupset tag 'UMBRA';");
  expect(checked.output).toContain("crosschecked backup piece: found to be 'EXPIRED'");
  const again = await rig.script(`delete noprompt backupset tag 'UMBRA'; list backupset;`);
  expect(again.output).toContain("Deleted 1 objects");
  expect(again.output).toContain("specification does not match any backup in the repository");
});

test("without noprompt nobody answers, and nothing is deleted", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  await rig.script("delete copy of database tag 'UMBRA';");
  expect(rig.copies().length).toBeGreaterThan(3);
});

test("control file and SPFILE become files of their own, and are not overwritten without reuse", async () => {
  await using rig = await rmanRig();
  const script = (reuse: string) =>
    `backup as copy current controlfile format '${rig.area}/cf' ${reuse} tag 'CF';\nbackup spfile format '${rig.area}/spfile' ${reuse} tag 'CF';`;
  expect((await rig.script(script(""))).code).toBe(0);
  expect(readFileSync(join(rig.area, "cf")).length).toBeGreaterThan(16_384);
  expect((await rig.script(script(""))).output).toMatch(
    /ORA-19504: .*\nORA-27038: created file already exists/u,
  );
  expect((await rig.script(script("reuse"))).code).toBe(0);
});

test("files that are not Oracle's are named when a directory is catalogued", async () => {
  await using rig = await rmanRig();
  await rig.script(refreshOf(rig.area));
  await rig.script("change datafilecopy '" + (rig.copies()[0]?.path ?? "") + "' uncatalog;");
  writeFileSync(join(rig.area, "notes"), "no datafile");
  const { output } = await rig.script(`catalog start with '${rig.area}/' noprompt;`);
  expect(output).toMatch(/List of Cataloged Files\n=+\nFile Name: /u);
  expect(output).toMatch(/notes\n {2}RMAN-07517: Reason: /u);
});

test("a client that was killed begins nothing more", async () => {
  await using rig = await rmanRig();
  let alive = true;
  const said: string[] = [];
  const say = (text: string) => {
    said.push(text);
    if (text.includes("starting datafile copy")) alive = false;
  };
  const lines = refreshOf(rig.area).split("\n");
  const input = { next: () => Promise.resolve(next()) };
  const next = (): IteratorResult<string, undefined> => {
    const line = lines.shift();
    return line === undefined ? { done: true, value: undefined } : { done: false, value: line };
  };
  const process = {
    argv: ["target", "/"],
    env: { ORACLE_HOME: rig.host.oracleHome, ORACLE_SID: "ORCL" },
    input,
    say,
    get alive() {
      return alive;
    },
  };
  await rman(rig.host, process);
  expect(rig.copies()).toHaveLength(1);
});
