import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { hostSigns } from "../../../../simulator/instance/host-signs.ts";
import { openInstance, startDatabase } from "../../../../simulator/instance/start-database.ts";
import { disposableFolder } from "./rig.ts";

interface Seen {
  readonly pids: readonly number[];
  readonly locked: boolean;
}

/** What the kernel tells of the instance: processes by name, and who holds a lock on the file. */
function seen(oracleHome: string, sid: string): Seen {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .filter((pid) => commandLine(pid) === `ora_pmon_${sid}\0`)
    .map(Number);
  const path = join(oracleHome, "dbs", `lk${sid}`);
  if (!existsSync(path)) return { pids, locked: false };
  const inode = statSync(path).ino;
  const locks = readFileSync("/proc/locks", "utf8").split("\n");
  const locked = locks.some((lock) => /POSIX +ADVISORY +WRITE/u.test(lock) && lock.includes(`:${inode} `));
  return { pids, locked };
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

test("a running instance shows its PMON process and its mount lock; both are gone when it is down", async () => {
  using folder = disposableFolder();
  const sid = `S${process.pid}`;
  const oracleHome = join(folder.path, "home");
  const base = { base: join(folder.path, "prod"), name: sid, now: () => new Date(), totalBytes: 3_000_000 };
  const instance = await startDatabase({ ...base, signs: hostSigns({ oracleHome, sid }) });
  expect(seen(oracleHome, sid)).toEqual({ pids: [expect.any(Number) as number], locked: true });
  await instance.shutdown("IMMEDIATE");
  expect(seen(oracleHome, sid)).toEqual({ pids: [], locked: false });
  await instance.startup({ to: "NOMOUNT" });
  expect(seen(oracleHome, sid)).toEqual({ pids: [expect.any(Number) as number], locked: false });
  await instance.mount();
  expect(seen(oracleHome, sid).locked).toBe(true);
  const second = openInstance({ ...base, signs: hostSigns({ oracleHome, sid }) });
  await expect(second.startup({ to: "MOUNT" })).rejects.toThrow("ORA-01102");
  await second.shutdown("ABORT");
  expect(seen(oracleHome, sid).locked).toBe(true);
  await instance.shutdown("ABORT");
  expect(seen(oracleHome, sid)).toEqual({ pids: [], locked: false });
});

test("who kills PMON kills the instance", async () => {
  using folder = disposableFolder();
  const sid = `K${process.pid}`;
  const oracleHome = join(folder.path, "home");
  const base = { base: join(folder.path, "prod"), name: sid, now: () => new Date(), totalBytes: 3_000_000 };
  const instance = await startDatabase({ ...base, signs: hostSigns({ oracleHome, sid }) });
  const [pid = 0] = seen(oracleHome, sid).pids;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => instance.state).toBe("IDLE");
  await instance.startup({ to: "OPEN" });
  expect(instance.openMode).toBe("READ WRITE");
  await instance.shutdown("ABORT");
});
