import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { backupHot } from "../../../src/run/backup-hot.ts";
import { backfillLogs, planLogsBackfill } from "../../../src/run/logs-backfill.ts";
import { verifyLogs } from "../../../src/run/logs-verify.ts";
import type { World } from "../../../src/run/world.ts";
import { liveLogs } from "../../rigs/live-logs.ts";

async function classes(world: World): Promise<string> {
  const looked = await verifyLogs(world, { deep: true });
  return looked.ok ? looked.report.logs.map((log) => log.class).join(" ") : "refused";
}

test("what is missing is copied from where else it is, and the plan says so before", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  const [, name = ""] = live.names();
  rmSync(join(live.directory, name));
  const planned = await planLogsBackfill(live.world);
  expect(planned.ok && planned.plan.copies.map(({ source, target }) => [source, target])).toEqual([
    [join(live.other, name), join(live.directory, name)],
  ]);
  expect(existsSync(join(live.directory, name))).toBe(false);
  const filled = await backfillLogs(live.world);
  expect(filled).toMatchObject({ ok: true, copied: [{ thread: 1 }], failed: [] });
  expect(readFileSync(join(live.directory, name))).toEqual(readFileSync(join(live.other, name)));
  expect(await classes(live.world)).toBe("good good good");
  expect(await backfillLogs(live.world)).toMatchObject({ ok: true, copied: [] });
});

test("a damaged log goes only when its copy is proved; a bad source changes nothing", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  const [first = "", second = ""] = live.names();
  const damaged = join(live.directory, second);
  truncateSync(damaged, 1536);
  const source = join(live.other, second);
  const good = readFileSync(source);
  copyFileSync(join(live.other, first), source);
  writeFileSync(source, Buffer.concat([readFileSync(source), good]).subarray(0, good.length));
  const failed = await backfillLogs(live.world);
  expect(failed).toMatchObject({ ok: true, copied: [], failed: [{ log: { class: "damaged" } }] });
  expect(statSync(damaged).size).toBe(1536);
  expect(live.names()).toHaveLength(3);
  writeFileSync(source, good);
  expect(await backfillLogs(live.world)).toMatchObject({ ok: true, copied: [{ class: "damaged" }] });
  expect(existsSync(damaged)).toBe(false);
  expect(live.names().some((name) => name.startsWith("umbra_"))).toBe(true);
  expect(await classes(live.world)).toBe("good good good");
});

test("what exists nowhere is left, and said", async () => {
  await using live = await liveLogs();
  await live.switched(2);
  const [, name = ""] = live.names();
  rmSync(join(live.directory, name));
  rmSync(join(live.other, name));
  expect(await backfillLogs(live.world)).toMatchObject({
    ok: true,
    copied: [],
    plan: { left: [{ class: "lost" }] },
  });
});

test("a backup runs beside it, and its interrupted run holds nobody up", async () => {
  await using live = await liveLogs();
  const { state, database, clock } = live.world;
  await live.switched();
  rmSync(join(live.directory, live.names()[0] ?? ""));
  const dead = "20260101T000000Z-logs-backfill-dead00" as never;
  const name = `${database.name}/logs` as never;
  await state.journal.openRun({ id: dead, database: name, kind: "logs-backfill", startedAt: clock.now() });
  using _lock = state.locks.take(database.name, "another" as never, clock.now());
  expect(await backfillLogs(live.world)).toMatchObject({ ok: true, copied: [{}] });
  expect(await state.journal.run(dead)).toMatchObject({ outcome: "interrupted" });
  _lock[Symbol.dispose]();
  expect(await backupHot(live.world, { tablespaces: ["USERS"] })).toMatchObject({ ok: true });
});
