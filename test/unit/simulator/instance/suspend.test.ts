import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { type EngineRig, engineRig, execute, sessionOf } from "./engine-rig.ts";

const STATUS = "select database_status from v$instance";

function written({ instance }: EngineRig): Buffer {
  const control = instance.controlFile;
  const paths = [...(control?.datafiles.map(({ path }) => path) ?? []), ...instance.controlFilePaths];
  return Buffer.concat(paths.map((path) => readFileSync(path)));
}

test("SUSPEND holds every write to datafiles and control files until RESUME", async () => {
  await using rig = await engineRig();
  const app = sessionOf(rig.engine);
  await execute(app, "create table t (id number)");
  await execute(app, "insert into t values (1)");
  await rig.sql("alter system suspend");
  expect(await rig.sql(STATUS)).toEqual([["SUSPENDED"]]);
  const before = written(rig);
  const waiting = [
    rig.sql("alter system checkpoint"),
    rig.sql("alter system switch logfile"),
    execute(app, "insert into t values (2)"),
  ];
  let ended = 0;
  for (const work of waiting) void work.then(() => (ended += 1));
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(0);
  expect(written(rig).equals(before)).toBe(true);
  await rig.sql("alter system resume");
  await Promise.all(waiting);
  expect(await rig.sql(STATUS)).toEqual([["ACTIVE"]]);
  await app.commit();
  expect(await rig.sql("select count(*) from app.t")).toEqual([["2"]]);
});

test("an abort ends what waits for RESUME, and the next start is not suspended", async () => {
  await using rig = await engineRig();
  await rig.sql("alter system suspend");
  const waiting = rig.sql("alter system checkpoint");
  waiting.catch(() => undefined);
  await rig.engine.shutdown("ABORT");
  await expect(waiting).rejects.toThrow("ORA-03113");
  await rig.instance.startup({ to: "OPEN" });
  expect(await rig.sql(STATUS)).toEqual([["ACTIVE"]]);
});
