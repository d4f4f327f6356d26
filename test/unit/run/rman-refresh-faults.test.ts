import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { ProgramCall } from "../../../simulator/doors/in-process-programs.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { backupRefresh, baseline, planRefreshRun } from "../../../src/run/backup-refresh.ts";
import type { World } from "../../../src/run/world.ts";
import { reconcile } from "../../../src/run/reconcile.ts";
import { manifestOf } from "../../rigs/restored-database.ts";
import { addRow, live, made, type RmanWorld, rmanWorld, script } from "./rman-world.ts";

const isScript = (call: ProgramCall, word: string) => call.program === "rman" && script(call).includes(word);
const copiesIn = (rig: RmanWorld) => readdirSync(join(live(rig), "data")).toSorted();
const lost = () => new UmbraError("UMB-7203", { host: "dbhost", program: "rman" });

function withoutRman(world: World): World {
  const { rman, ...others } = world;
  expect(rman).toBeDefined();
  return others;
}

/** A refresh that fails, and what `umbra reconcile` makes of it. */
async function failed(rig: RmanWorld): Promise<unknown> {
  const error = await backupRefresh(rig.world).catch((reason: unknown) => reason);
  await reconcile(rig.world, { planOnly: false });
  return error;
}

test("a refresh is refused where RMAN does not know the copies any more, and a baseline makes it know new ones", async () => {
  await using rig = await rmanWorld();
  await made(baseline(rig.world));
  for (const copy of rig.instance.controlFile?.rman?.copies ?? []) copy.status = "D";
  const plan = await planRefreshRun(rig.world);
  expect(plan).toMatchObject({ ok: false });
  const refusals = plan.ok ? [] : plan.refusals;
  expect(refusals.map(({ code, rule }) => ({ code, rule }))).toContainEqual({ code: "UMB-3131", rule: 79 });
  expect(refusals[0]?.seen).toContain("RMAN knows no copy of it under tag UMBRA_TEST");
  await made(baseline(rig.world));
  await made(backupRefresh(rig.world));
});

test("a second copy under the tag is refused: RMAN would build on one of them only (rule 79)", async () => {
  await using rig = await rmanWorld();
  await made(baseline(rig.world));
  const [first] = rig.instance.controlFile?.rman?.copies ?? [];
  if (first === undefined) throw new Error("no copy");
  rig.instance.controlFile?.rman?.copies.push({ ...first, recid: 900, path: "/elsewhere" });
  const plan = await planRefreshRun(rig.world);
  expect(plan.ok ? [] : plan.refusals.map(({ seen }) => seen)).toEqual([
    expect.stringMatching(/RMAN knows 2 copies of it: .*\/elsewhere/u),
  ]);
});

test("without ORACLE_HOME and SID there is no engine rman", async () => {
  await using rig = await rmanWorld({ change: withoutRman });
  const outcome = await baseline(rig.world);
  expect(outcome).toMatchObject({ ok: false, refusals: [{ code: "UMB-3138" }] });
});

test("a merge whose answer was lost is no failure where the database shows that it was done", async () => {
  await using rig = await rmanWorld({
    programFaults: {
      answering: (call) => {
        if (isScript(call, "recover copy")) throw lost();
      },
    },
  });
  await made(baseline(rig.world));
  await addRow(rig);
  await made(backupRefresh(rig.world));
  expect(manifestOf(live(rig)).notes.join("\n")).toMatch(/answer of RMAN to merge into .* was lost/u);
});

test("a merge that never ran is a failure; the copies are marked, and the next refresh brings them forward", async () => {
  let broken = true;
  await using rig = await rmanWorld({
    programFaults: {
      starting: (call) => {
        if (broken && isScript(call, "recover copy")) throw lost();
      },
    },
  });
  await made(baseline(rig.world));
  const copies = copiesIn(rig);
  await addRow(rig);
  expect(await failed(rig)).toMatchObject({ code: "UMB-5502" });
  const marked = manifestOf(live(rig));
  expect(marked.kind === "refreshed" && marked.dirty.length).toBe(copies.length);
  broken = false;
  await addRow(rig);
  await made(backupRefresh(rig.world));
  const after = manifestOf(live(rig));
  expect(after.kind === "refreshed" && after.dirty).toEqual([]);
  expect(copiesIn(rig)).toEqual(copies);
  expect(readdirSync(join(rig.world.database.backupArea, "level1"))).toEqual([]);
});

test("a client that dies in the middle of a merge leaves copies that the next refresh repairs, without a full copy", async () => {
  let broken = true;
  await using rig = await rmanWorld({
    programFaults: {
      cutting: (call, printed) =>
        broken && isScript(call, "recover copy") && printed.includes("reading from backup piece"),
    },
  });
  await made(baseline(rig.world));
  const copies = copiesIn(rig);
  for (let round = 0; round < 3; round += 1) {
    await addRow(rig);
    await failed(rig);
  }
  broken = false;
  const outcome = await made(backupRefresh(rig.world));
  expect(outcome.kind).toBe("refreshed");
  expect(copiesIn(rig)).toEqual(copies);
  const { datafiles } = manifestOf(live(rig));
  expect(new Set(datafiles.map((one) => "madeBy" in one && one.madeBy)).size).toBe(1);
});

test("a parent that vanishes after the look is found out: RMAN's own full copy is not taken for umbra's", async () => {
  let vanish = false;
  await using rig = await rmanWorld({
    programFaults: {
      starting: (call) => {
        if (!vanish || !isScript(call, "incremental level 1")) return;
        vanish = false;
        const copy = rig.instance.controlFile?.rman?.copies.find(({ status }) => status === "A");
        if (copy !== undefined) copy.status = "D";
      },
    },
  });
  await made(baseline(rig.world));
  vanish = true;
  expect(await failed(rig)).toMatchObject({ code: "UMB-9071", context: { rule: 79 } });
  const plan = await planRefreshRun(rig.world);
  expect(plan.ok ? [] : plan.refusals.map(({ seen }) => seen)).toEqual([
    expect.stringMatching(/RMAN's copy lies at .*level1\/stray_/u),
  ]);
  await made(baseline(rig.world));
  await made(backupRefresh(rig.world));
  expect(readdirSync(join(rig.world.database.backupArea, "level1"))).toEqual([]);
});

test("damaged blocks in the database stop the refresh, and the copies stay usable for who has a snapshot", async () => {
  await using rig = await rmanWorld();
  await made(baseline(rig.world));
  await addRow(rig);
  rig.damageUsers();
  expect(await failed(rig)).toMatchObject({ code: "UMB-5504", context: { cause: "ORA-19566" } });
});

test("a level 1 that cannot be removed is told, and the next refresh removes it", async () => {
  let broken = true;
  await using rig = await rmanWorld({
    programFaults: {
      starting: (call) => {
        if (broken && isScript(call, "delete noprompt")) throw lost();
      },
    },
  });
  await made(baseline(rig.world));
  await addRow(rig);
  await made(backupRefresh(rig.world));
  expect(manifestOf(live(rig)).notes.join("\n")).toContain("merged level 1 backups were not removed");
  broken = false;
  await addRow(rig);
  await made(backupRefresh(rig.world));
  expect(readdirSync(join(rig.world.database.backupArea, "level1"))).toEqual([]);
});

test("a piece that a dead server was writing goes, and nothing that is somebody else's", async () => {
  await using rig = await rmanWorld();
  await made(baseline(rig.world));
  const pieces = join(rig.world.database.backupArea, "level1");
  for (const name of ["level1_0a1b2c3d_1_1", "notes.txt"]) writeFileSync(join(pieces, name), "half");
  await addRow(rig);
  await made(backupRefresh(rig.world));
  expect(readdirSync(pieces)).toEqual(["notes.txt"]);
});

test("control file autobackups that the database adds lie beside the area, and go with the level 1", async () => {
  await using rig = await rmanWorld();
  Object.assign(rig.programs, { controlfileAutobackup: true });
  await made(baseline(rig.world));
  await addRow(rig);
  await made(backupRefresh(rig.world));
  expect(readdirSync(join(rig.world.database.backupArea, "level1"))).toEqual([]);
  const sets = rig.instance.controlFile?.rman?.sets.filter(({ controlfile }) => controlfile) ?? [];
  const states = sets.flatMap(({ pieces }) => pieces.map(({ status }) => status));
  expect(new Set(states)).toEqual(new Set(["D"]));
  expect(states.length).toBeGreaterThan(rig.instance.controlFile?.datafiles.length ?? 0);
});

test("a file that nobody writes keeps its copy, and needs no redo from before", async () => {
  await using rig = await rmanWorld();
  await rig.instance.setTablespace(0, "USERS", "READ ONLY");
  await made(baseline(rig.world));
  const { scns } = manifestOf(live(rig));
  await rig.instance.archiveLogCurrent();
  await made(backupRefresh(rig.world));
  const after = manifestOf(live(rig));
  const users = after.datafiles.find(({ tablespace }) => tablespace === "USERS");
  expect(users !== undefined && BigInt(users.checkpointScn) < BigInt(scns.minimumRecovery)).toBe(true);
  expect(BigInt(after.scns.neededFrom)).toBeGreaterThan(BigInt(scns.minimumRecovery));
});

test("channels of a script that was lost are waited for: two merges into one copy would spoil it", async () => {
  await using rig = await rmanWorld({ config: { deadlines: { archivedLogMs: 300 } } });
  await made(baseline(rig.world));
  const channel = rig.engine.openSession({
    user: "SYS",
    privilege: "SYSBACKUP",
    service: "ORCL",
    program: "rman@db1",
    machine: "db1",
    osUser: "oracle",
    terminal: "",
  });
  channel.setClientInfo({ CLIENT_INFO: "rman channel=umbra1" });
  const refused = await failed(rig);
  expect(refused).toMatchObject({ code: "UMB-5507" });
  expect((refused as Error).message).toMatch(/rman channel=umbra1 \(instance 1, session \d+\)/u);
  await channel.close();
  await made(backupRefresh(rig.world));
});
