import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, onTestFinished, test, type TestContext } from "vitest";

import { type ForkedSimulator, forkSimulator } from "../../simulator/doors/forked.ts";
import type { InstanceStep } from "../../simulator/instance/hooks.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { createSqlplusControl } from "../../src/adapters/sqlplus/sqlplus-control.ts";
import type { UmbraEvent } from "../../src/domain/events.ts";
import type { Host } from "../../src/ports/host.ts";
import { backupCold } from "../../src/run/backup-cold.ts";
import { verifyBackup } from "../../src/run/verify-backup.ts";
import type { World } from "../../src/run/world.ts";
import { openState } from "../../src/state/open-state.ts";
import { requireProgram } from "../programs.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { farUmbra } from "../rigs/far-umbra.ts";
import { OpenSsh } from "../rigs/openssh.ts";
import { scratchDirectory } from "../rigs/scratch-directory.ts";

const SID = "FAR";
/** More often than an instance is asked that says no. */
const MANY_LOOKS = 8;
const PATIENCE = { timeout: 30_000, interval: 20 };

interface Far {
  readonly world: World;
  readonly server: OpenSsh;
  readonly host: Host;
  readonly events: readonly UmbraEvent[];
  /** The instance's process; another one after `restarted`. */
  readonly simulator: () => ForkedSimulator;
  /** How often the instance was asked for its state. */
  readonly looks: () => number;
  /** The host's processes are gone; the function brings them back, with the instance down. */
  readonly reboot: () => Promise<() => Promise<void>>;
  readonly openMode: () => Promise<string>;
}

/** A database on a host of its own: the instance is a process, and a real ssh server leads to its sqlplus and its files. */
async function far(context: TestContext, onDatafile?: () => Promise<void>): Promise<Far> {
  requireProgram(context, "sshd");
  const scratch = scratchDirectory(tmpdir());
  onTestFinished(() => scratch[Symbol.dispose]());
  const server = await OpenSsh.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const [directory, oracleHome] = [scratch.path, join(scratch.path, "home")];
  mkdirSync(join(directory, "backup"));
  const options = { base: join(directory, "db"), dbName: SID, bytes: 3_000_000, oracleHome };
  let simulator = await forkSimulator(options);
  onTestFinished(() => simulator.stop());
  const { port, ready } = simulator;
  const { umbra } = farUmbra(directory);
  const ssh = server.host({ settings: { umbra, connectMs: 5_000, keepaliveMs: 2_000 } });
  onTestFinished(() => ssh[Symbol.dispose]());
  const host: Host = {
    ...ssh,
    copy: (request) =>
      ssh.copy(
        onDatafile && request.source.endsWith(".dbf") ? { ...request, onProgress: onDatafile } : request,
      ),
  };
  const database = databaseConfig({
    directory,
    connectString: `127.0.0.1:${port}/${ready.adminService}`,
    user: "umbra",
    deadlines: { startupMs: 90_000, shutdownMs: 30_000 },
  });
  const state = openState(join(directory, "state"));
  onTestFinished(() => state[Symbol.dispose]());
  const password = ready.accounts.find(({ name }) => name === "UMBRA")?.password ?? "";
  const events: UmbraEvent[] = [];
  const connector = createOracledbConnector(database, {
    password: () => Promise.resolve(password),
    clock: systemClock,
  });
  let looks = 0;
  const control = createSqlplusControl({
    host,
    clock: systemClock,
    oracleHome,
    sid: SID,
    privilege: "sysbackup",
  });
  const world: World = {
    database,
    connector,
    instance: {
      ...control,
      status: (call) => {
        looks += 1;
        return control.status(call);
      },
    },
    databaseHost: host,
    backupHost: host,
    clock: systemClock,
    reporter: { event: (event) => void events.push(event) },
    state,
    random: (bytes) => randomBytes(bytes),
    signal: new AbortController().signal,
  };
  return {
    world,
    server,
    host,
    events,
    simulator: () => simulator,
    looks: () => looks,
    reboot: async () => {
      process.kill(simulator.pid, "SIGKILL");
      await server.crash();
      return async () => {
        simulator = await forkSimulator({ ...options, port, startTo: "NOMOUNT" });
        await simulator.shutdown("ABORT");
        await server.comeBack();
      };
    },
    openMode: async () => {
      await using db = await connector.connect({ deadlineMs: 10_000 });
      const rows = await db.query("select open_mode from v$database", {}, { deadlineMs: 10_000 });
      return String(rows[0]?.["open_mode"]);
    },
  };
}

async function expectNothingOwed({ world, openMode }: Far, backups: number): Promise<void> {
  const { state, database } = world;
  expect(await openMode()).toBe("READ WRITE");
  expect(await state.startups.pending(database.name)).toEqual([]);
  expect(await state.journal.openRuns(database.name)).toEqual([]);
  expect(await state.catalog.list(database.name)).toHaveLength(backups);
  const area = join(database.backupArea, "cold");
  expect(existsSync(area) ? readdirSync(area) : []).toHaveLength(backups);
}

describe("ssh cut in the middle of", () => {
  test.for<[string, InstanceStep]>([
    ["SHUTDOWN", "shutdown"],
    ["STARTUP", "start"],
    ["the MOUNT of STARTUP", "mount"],
  ])(
    "%s: the instance goes on by itself, is asked again, and the backup is made",
    async ([, step], context) => {
      const all = await far(context);
      const { world, server, host, simulator } = all;
      await simulator().plant({ kind: "hang", at: step });
      const made = backupCold(world);
      made.catch(() => {});
      await expect.poll(async () => (await simulator().status()).hanging, PATIENCE).toContain(step);
      process.kill(await server.servingProcess(host), "SIGKILL");
      await simulator().lift();
      const outcome = await made;
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals));
      expect((await verifyBackup(world, outcome.backup.id)).problems).toEqual([]);
      await expectNothingOwed(all, 1);
      const logins = server.log.filter((line) => line.includes("Accepted publickey"));
      expect(logins.length).toBeGreaterThan(1);
    },
  );
});

test("a host that reboots during the copy: the backup fails, and the database is started when the host is back", async (context) => {
  const copying = Promise.withResolvers<void>();
  const rebooted = Promise.withResolvers<void>();
  const all = await far(context, async () => {
    copying.resolve();
    await rebooted.promise;
  });
  const { world, events, looks, reboot, simulator } = all;
  const failure = backupCold(world).catch((error: unknown) => error);
  await copying.promise;
  const first = simulator().pid;
  const back = await reboot();
  rebooted.resolve();
  const warnings = () => events.flatMap((event) => (event.kind === "warning" ? [event.warning.seen] : []));
  const told = () => warnings().find((seen) => seen.includes("may be down: its instance cannot be asked"));
  await expect.poll(told, PATIENCE).toBeDefined();
  const before = looks();
  await expect.poll(() => looks() - before, { ...PATIENCE, timeout: 45_000 }).toBeGreaterThan(MANY_LOOKS);
  await back();
  expect(await failure).toMatchObject({ code: expect.stringMatching(/^UMB-72/u) as string, exit: 7 });
  expect(simulator().pid).not.toBe(first);
  // What was half written over there went with the failed run, or goes with reconcile.
  await expectNothingOwed(all, 0);
  const next = await backupCold(world);
  expect(next.ok).toBe(true);
  await expectNothingOwed(all, 1);
});
