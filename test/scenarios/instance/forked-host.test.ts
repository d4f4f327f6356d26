import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { type ForkedSimulator, forkSimulator } from "../../../simulator/doors/forked.ts";
import { createLocalHost } from "../../../src/adapters/host/local-host.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const never = () => Promise.reject(new Error("nothing is copied here"));
const host = createLocalHost({ copier: { copy: never, verify: never } });

interface Forked extends AsyncDisposable {
  readonly simulator: ForkedSimulator;
  readonly sid: string;
  /** Runs a script in sqlplus of its ORACLE_HOME, a process of its own. */
  sqlplus(...script: readonly string[]): Promise<string>;
  /** What the kernel shows of the instance. */
  signs(): { readonly pmon: boolean; readonly locked: boolean };
}

let made = 0;

/** A simulated host in a process of its own; its SID is that of no other test. */
async function forked(options: { readonly restartAfterMs?: number } = {}): Promise<Forked> {
  const scratch = scratchDirectory(tmpdir());
  const oracleHome = join(scratch.path, "home");
  made += 1;
  const sid = `F${process.pid % 100_000}${made}`;
  const base = join(scratch.path, "prod");
  const simulator = await forkSimulator({ base, oracleHome, dbName: sid, bytes: 3_000_000, ...options });
  return {
    simulator,
    sid,
    sqlplus: async (...script) => {
      const argv = ["env", `ORACLE_HOME=${oracleHome}`, `ORACLE_SID=${sid}`, `${oracleHome}/bin/sqlplus`];
      const input = [...script, "exit", ""].join("\n");
      const result = await host.run([...argv, "-S", "/ as sysdba"], {
        deadlineMs: 20_000,
        maxOutputBytes: 100_000,
        input,
      });
      return result.stdout.toString();
    },
    signs: () => ({
      pmon: isRunning(`ora_pmon_${sid}`),
      locked: isLocked(join(oracleHome, "dbs", `lk${sid}`)),
    }),
    [Symbol.asyncDispose]: async () => {
      await simulator.stop();
      scratch[Symbol.dispose]();
    },
  };
}

function isRunning(name: string): boolean {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/u.test(entry))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8") === `${name}\0`;
      } catch {
        return false;
      }
    });
}

function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const { ino } = statSync(path);
  return readFileSync("/proc/locks", "utf8")
    .split("\n")
    .some((lock) => /POSIX +ADVISORY +WRITE/u.test(lock) && lock.includes(`:${ino} `));
}

describe("a simulated host in a process of its own", () => {
  test("shows the signs of its instance, and none when sqlplus has shut it down", async () => {
    await using rig = await forked();
    expect(rig.signs()).toEqual({ pmon: true, locked: true });
    const before = (await rig.simulator.status()).startedAt;
    expect(await rig.sqlplus("shutdown immediate")).toContain("ORACLE instance shut down.");
    expect(rig.signs()).toEqual({ pmon: false, locked: false });
    expect(await rig.sqlplus("startup")).toContain("Database opened.");
    expect(rig.signs()).toEqual({ pmon: true, locked: true });
    expect((await rig.simulator.status()).startedAt.getTime()).toBeGreaterThan(before.getTime());
  });

  test("takes its instance with it when it is killed", async () => {
    await using rig = await forked();
    process.kill(rig.simulator.pid, "SIGKILL");
    await expect.poll(() => rig.signs(), { timeout: 5000 }).toEqual({ pmon: false, locked: false });
  });

  test("lets STARTUP fail once, and holds SHUTDOWN, as its control door is told", async () => {
    await using rig = await forked();
    await rig.simulator.plant({ kind: "hang", at: "shutdown" });
    const stopped = rig.sqlplus("shutdown immediate");
    await expect.poll(async () => (await rig.simulator.status()).hanging).toEqual(["shutdown"]);
    expect((await rig.simulator.status()).state).toBe("OPEN");
    await rig.simulator.lift();
    expect(await stopped).toContain("ORACLE instance shut down.");
    await rig.simulator.plant({ kind: "fail", at: "mount", code: 205, times: 1 });
    expect(await rig.sqlplus("startup")).toContain("ORA-00205: error in identifying control file");
    expect((await rig.simulator.status()).state).toBe("NOMOUNT");
    expect(await rig.sqlplus("alter database mount;", "alter database open;")).not.toContain("ORA-");
  });

  test("starts its instance again by clusterware where that is told", async () => {
    await using rig = await forked({ restartAfterMs: 50 });
    await rig.simulator.crash();
    await expect.poll(async () => (await rig.simulator.status()).state, { timeout: 5000 }).toBe("OPEN");
  });
});
