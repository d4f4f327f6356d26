import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { LogVerdict } from "../../../src/domain/log-report.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { World } from "../../../src/run/world.ts";
import { liveLogs } from "../../rigs/live-logs.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

async function verdicts(world: World, deep = false): Promise<readonly LogVerdict[]> {
  const looked = await verifyLogs(world, { deep });
  if (!looked.ok) throw new Error(JSON.stringify(looked.refusals));
  return looked.report.logs;
}

const classes = (logs: readonly LogVerdict[]) => logs.map((log) => log.class).join(" ");

/** As it was long ago: nothing is on its way any more. */
function old(path: string): void {
  utimesSync(path, new Date(0), new Date(0));
}

const DOWN = {
  connect: () => Promise.reject(new UmbraError("UMB-5202", { ora: null, message: "refused", lost: true })),
};

test("logs that arrived are good, one by one, in their chain", async () => {
  await using live = await liveLogs();
  await live.switched(3);
  const logs = await verdicts(live.world, true);
  expect(classes(logs)).toBe("good good good good");
  for (const [index, log] of logs.entries()) {
    const next = logs[index + 1];
    if (next === undefined) break;
    expect([next.sequence, next.firstScn]).toEqual([log.sequence + 1, log.nextScn]);
  }
});

test("a log that is gone here is delayed while it exists elsewhere, and lost when it does not", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  const name = live.names()[1] ?? "";
  rmSync(join(live.directory, name));
  const delayed = (await verdicts(live.world))[1];
  expect(delayed).toMatchObject({ class: "delayed", elsewhere: [join(live.other, name)] });
  expect(delayed?.why).toBe("it was here and has gone");
  rmSync(join(live.other, name));
  expect(classes(await verdicts(live.world))).toBe("good lost good");
});

test("a log that a failing destination did not take is delayed, with the destination's error", async () => {
  await using live = await liveLogs({ config: { logs: { lagMs: 0 } } });
  live.faults.set(10, { code: 19_502, text: "write error, no space left on device" });
  await live.switched();
  const last = (await verdicts(live.world)).at(-1);
  expect(last).toMatchObject({ class: "delayed" });
  expect(last?.why).toContain("the destination is ERROR: ORA-19502");
});

test("a log that is being written is in flight while it is young, and damaged when it stays so", async () => {
  await using live = await liveLogs();
  live.faults.set(10, { code: 19_502, text: "write error, no space left on device" });
  await live.switched();
  const [name = ""] = live.names();
  const next = name.replace(/_(\d+)_/u, (_, number: string) => `_${Number(number) + 1}_`);
  copyFileSync(join(live.other, next), join(live.directory, next));
  truncateSync(join(live.directory, next), 1536);
  expect(classes(await verdicts(live.world))).toBe("good in-flight");
  old(join(live.directory, next));
  expect(classes(await verdicts(live.world))).toBe("good damaged");
});

test("a truncated log is damaged however young it is, because the archiver said it was done", async () => {
  await using live = await liveLogs();
  const [name = ""] = live.names();
  truncateSync(join(live.directory, name), 1536);
  const [log] = await verdicts(live.world);
  expect(log).toMatchObject({ class: "damaged", elsewhere: [join(live.other, name)] });
  expect(log?.why).toContain("it holds 1536 bytes");
});

test("a changed byte in the middle is found by reading every block, and only so", async () => {
  await using live = await liveLogs();
  const call = { deadlineMs: 10_000 };
  await using db = await live.world.connector.connect(call);
  await db.execute("alter database begin backup", call);
  await db.execute("alter database end backup", call);
  await live.switched();
  const path = join(live.directory, live.names()[1] ?? "");
  const bytes = readFileSync(path);
  bytes.writeUInt8(bytes.readUInt8(1500) ^ 0xff, 1500);
  writeFileSync(path, bytes);
  expect(classes(await verdicts(live.world))).toBe("good good");
  const log = (await verdicts(live.world, true))[1];
  expect(log).toMatchObject({ class: "damaged", why: "block 2 is damaged (checksum)" });
});

test("two logs under each other's names are both good: names are not trusted", async () => {
  await using live = await liveLogs();
  await live.switched();
  const [one = "", two = ""] = live.names().map((name) => join(live.directory, name));
  renameSync(one, `${one}.aside`);
  renameSync(two, one);
  renameSync(`${one}.aside`, two);
  expect(classes(await verdicts(live.world))).toBe("good good");
});

test("the same sequence of another incarnation hides no gap", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  const [, name = ""] = live.names();
  await using stranger = await simulatedWorld({
    database: {
      logBytes: 262_144,
      dbid: Number(live.rig.instance.controlFile?.dbid),
      now: () => new Date(Date.now() - 86_400_000),
    },
  });
  const call = { deadlineMs: 10_000 };
  await using db = await stranger.world.connector.connect(call);
  const rows = [];
  for (let left = 6; left > 0; left -= 1) await db.execute("alter system archive log current", call);
  rows.push(
    ...(await db.query("select name, sequence# as s from v$archived_log order by sequence#", {}, call)),
  );
  const sequence = Number(name.split("_")[1]);
  const same = rows.find((row) => Number(row["s"]) === sequence)?.["name"];
  copyFileSync(String(same), join(live.directory, name));
  old(join(live.directory, name));
  const logs = (await verdicts(live.world)).filter((log) => log.path === join(live.directory, name));
  expect(logs.map((log) => log.class)).toContain("damaged");
  const damaged = logs.find((log) => log.class === "damaged");
  expect(damaged).toMatchObject({ sequence, elsewhere: [join(live.other, name)] });
  expect(damaged?.why).toContain("under its name lies");
});

test("without the database the files alone tell, and a gap between them shows", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  rmSync(join(live.directory, live.names()[1] ?? ""));
  const looked = await verifyLogs({ ...live.world, connector: DOWN });
  expect(looked).toMatchObject({ ok: true, unreachable: expect.stringContaining("refused") as string });
  expect(looked.ok && classes(looked.report.logs)).toBe("good lost good");
});

test("an area that nobody set up is refused, not called empty", async () => {
  await using rig = await simulatedWorld();
  expect(await verifyLogs(rig.world)).toMatchObject({ ok: false, refusals: [{ code: "UMB-3147" }] });
});

test("the logs of a thread that is closed count as those of one that is open", async () => {
  await using live = await liveLogs({ database: { threads: 2 } });
  await live.switched(2);
  const logs = await verdicts(live.world);
  expect(new Set(logs.map((log) => log.thread))).toEqual(new Set([1, 2]));
  const second = live.names().find((name) => name.startsWith("2_")) ?? "";
  rmSync(join(live.directory, second));
  rmSync(join(live.other, second));
  expect((await verdicts(live.world)).filter((log) => log.thread === 2)[0]?.class).toBe("lost");
});

test("files that are no logs of this database are named, and count for nothing", async () => {
  await using live = await liveLogs();
  writeFileSync(join(live.directory, "notes.txt"), "not a log");
  const looked = await verifyLogs(live.world);
  expect(looked.ok && looked.report.strange.map((one) => one.path)).toEqual([
    join(live.directory, "notes.txt"),
  ]);
  expect(looked.ok && classes(looked.report.logs)).toBe("good");
});
