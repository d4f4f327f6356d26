import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, test, type TestContext } from "vitest";

import { type ForkedSimulator, forkSimulator } from "../../simulator/doors/forked.ts";
import { scratchDirectory } from "../rigs/scratch-directory.ts";
import { type Ended, UmbraProcess } from "../rigs/umbra-process.ts";
import { type ZfsPool, zfsPool } from "../rigs/zfs-pool.ts";

/** A dozen commands, each a process of its own. */
const MANY_COMMANDS_MS = 300_000;
const LIMITS = { deadlineMs: 20_000, maxOutputBytes: 2 ** 20 };

interface Site extends AsyncDisposable {
  readonly production: ForkedSimulator;
  /** Starts umbra where the pool is mounted. */
  start(...argv: readonly string[]): UmbraProcess;
  /** Standard output of a command that must succeed. */
  succeed(...argv: readonly string[]): Promise<string>;
  object<T>(...argv: readonly string[]): Promise<T>;
  /** Names of the snapshots of the dataset. */
  snapshotsOf(what: "area" | "data"): Promise<readonly string[]>;
  /** Everything in the pool that is no snapshot. */
  datasets(): Promise<readonly string[]>;
}

describe("a database and its backup area on a real zfs-fuse", () => {
  let opened: Promise<ZfsPool> | undefined;
  let made = 0;
  afterAll(async () => await (await opened)?.[Symbol.asyncDispose]());

  /** Two datasets of the test's own: one for the datafiles, one for the backups. */
  async function site(context: TestContext, find = "compare"): Promise<Site> {
    opened ??= zfsPool(context);
    const pool = await opened;
    made += 1;
    const names = { area: `area${made}`, data: `data${made}` };
    const [area, data] = [await pool.dataset(names.area), await pool.dataset(names.data)];
    const scratch = scratchDirectory();
    const production = await forkSimulator({
      base: join(data, "prod"),
      dbName: "PROD1",
      bytes: 3 * 2 ** 20,
      through: pool.inside,
    });
    const config = join(scratch.path, "umbra.yaml");
    const account = production.ready.accounts.find(({ name }) => name === "UMBRA");
    writeFileSync(join(scratch.path, "password"), `${account?.password}\n`, { mode: 0o600 });
    const mounts = join(scratch.path, "mounts");
    const yaml = `
state: ${join(scratch.path, "state")}
storages:
  nas: { path: ${area}, snapshots: { kind: openzfs, mount-directory: ${mounts} } }
  primary: { path: ${data}, snapshots: { kind: openzfs, mount-directory: ${mounts} } }
databases:
  PROD1:
    connect: 127.0.0.1:${production.port}/${production.ready.services[0]}
    user: umbra
    privilege: sysbackup
    password: { file: ${join(scratch.path, "password")} }
    storage: nas
    backup: { spare: 0B }
    refresh: { snapshot: before, find: ${find} }
    retention: { daily: 1, minimum-good: 1, protect: 0s, grace: 0s }
`;
    writeFileSync(config, yaml, { mode: 0o600 });
    const start = (...argv: readonly string[]) =>
      new UmbraProcess([...argv, "--config", config], {}, pool.inside);
    const succeed = async (...argv: readonly string[]) => succeeded(argv, await start(...argv).ended);
    const listed = async (type: string) => {
      const { stdout } = await pool.host.run(["zfs", "list", "-H", "-t", type, "-o", "name"], LIMITS);
      return stdout.toString().split("\n").filter(Boolean);
    };
    return {
      production,
      start,
      succeed,
      object: async <T>(...argv: readonly string[]) =>
        JSON.parse(await succeed(...argv, "--output", "json")) as T,
      snapshotsOf: async (what) => {
        const prefix = `${pool.name}/${names[what]}@`;
        return (await listed("snapshot"))
          .filter((name) => name.startsWith(prefix))
          .map((name) => name.slice(prefix.length));
      },
      datasets: () => listed("filesystem"),
      [Symbol.asyncDispose]: async () => {
        await production.stop();
        scratch[Symbol.dispose]();
      },
    };
  }

  test(
    "refreshes leave snapshots, coverage knows them, a hold keeps one, retention removes the others",
    { timeout: MANY_COMMANDS_MS },
    async (context) => {
      await using on = await site(context);
      const before = await on.datasets();
      await on.succeed("setup", "PROD1");
      await on.succeed("baseline", "PROD1");
      await on.succeed("backup", "refresh", "PROD1");
      for (let round = 0; round < 2; round += 1) await on.succeed("snapshot", "create", "PROD1");
      const { snapshots } = await on.object<{ readonly snapshots: readonly { readonly name: string }[] }>(
        "snapshot",
        "list",
        "PROD1",
      );
      // The oldest first.
      const taken = snapshots.map(({ name }) => name);
      expect((await on.snapshotsOf("area")).toSorted()).toEqual(taken.toSorted());
      expect(taken).toHaveLength(3);
      const list = await on.succeed("snapshot", "list", "PROD1");
      for (const name of taken) expect(list).toMatch(new RegExp(`^${name} .* good$`, "m"));
      const ways = JSON.stringify(await on.object("coverage", "PROD1"));
      for (const name of taken) expect(ways).toContain(name);
      expect(await on.succeed("verify", taken[1] ?? "")).toContain("is good");
      expect(await on.succeed("reconcile", "PROD1")).toContain("nothing to put right");

      const [oldest = "", , newest = ""] = taken;
      await on.succeed("hold", "add", oldest, "--reason", "the audit", "--owner", "the auditors");
      const { plan } = await on.object<{ readonly plan: string }>("retention", "plan", "PROD1");
      const done = await on.object<{ readonly removed: readonly string[] }>(
        "retention",
        "apply",
        "PROD1",
        "--plan",
        plan,
      );
      expect(done.removed).toEqual([taken[1]]);
      expect((await on.snapshotsOf("area")).toSorted()).toEqual([oldest, newest].toSorted());
      // A snapshot of the area stays readable as long as it is there; the views of those that went are gone.
      const left = (await on.datasets()).filter((name) => !before.includes(name));
      expect(left.map((name) => name.slice(name.lastIndexOf("/") + 1)).toSorted()).toEqual(
        [oldest, newest].map((name) => `umbra-view-${name}`).toSorted(),
      );
    },
  );

  test(
    "a refresh by the list of zfs send reads little, and leaves the moments of its copies and no view",
    { timeout: MANY_COMMANDS_MS },
    async (context) => {
      await using on = await site(context, "list");
      await on.succeed("setup", "PROD1");
      await on.succeed("baseline", "PROD1");
      for (let round = 0; round < 2; round += 1) {
        const told = await on.succeed("backup", "refresh", "PROD1", "--output", "ndjson");
        const [run = ""] = /\d{8}T\d{6}Z-refresh-\w+/.exec(told) ?? [];
        const shown = await on.succeed("show", run, "--output", "json");
        const ways = [...shown.matchAll(/"foundBy": ?"(\w+)"/g)].map(([, way]) => way);
        // One copy is in its turn, and is read whole.
        expect(ways.filter((way) => way !== "list")).toEqual(["compare"]);
        expect(ways.length).toBeGreaterThan(2);
      }
      expect(
        (await on.datasets()).filter((name) => name.includes("/data") && name.includes("umbra-")),
      ).toEqual([]);
      expect(await on.snapshotsOf("data")).not.toEqual([]);
      const { backups } = await on.object<{ readonly backups: readonly { readonly id: string }[] }>(
        "list",
        "PROD1",
      );
      expect(await on.succeed("verify", backups.at(-1)?.id ?? "")).toContain("is good");
    },
  );

  test(
    "backups of the primary volume are taken with and without backup mode; one that was killed is put right",
    { timeout: MANY_COMMANDS_MS },
    async (context) => {
      await using on = await site(context);
      const before = await on.datasets();
      for (const how of [[], ["--snapshot-time"]]) {
        const told = await on.succeed("backup", "snapshot", "PROD1", ...how);
        expect(told.includes("SNAPSHOT TIME '")).toBe(how.length > 0);
        expect(await on.datasets()).toEqual(before);
      }
      const taken = (await on.snapshotsOf("data")).toSorted();
      expect(taken).toHaveLength(2);

      // Every block is read behind the step at which it dies: it has not ended by itself until then.
      const dying = on.start("backup", "snapshot", "PROD1", "--verify", "--output", "ndjson");
      await dying.line((line) => line.includes('"check-snapshots"'));
      dying.kill("SIGKILL");
      await dying.ended;
      expect((await on.start("backup", "snapshot", "PROD1").ended).status).toBe(8);
      await on.succeed("reconcile", "PROD1");
      expect((await on.snapshotsOf("data")).toSorted()).toEqual(taken);
      expect(await on.datasets()).toEqual(before);
      // What the storage was asked for, and did not answer, is looked for again; nobody waits for that.
      await on.succeed("backup", "snapshot", "PROD1");
      expect(await on.snapshotsOf("data")).toHaveLength(3);
      const { backups } = await on.object<{ readonly backups: readonly { readonly id: string }[] }>(
        "list",
        "PROD1",
      );
      expect(backups).toHaveLength(3);
      expect(await on.succeed("verify", backups[0]?.id ?? "")).toContain("is good");
    },
  );
});

function succeeded(argv: readonly string[], { status, stdout, stderr }: Ended): string {
  if (status !== 0)
    throw new Error(`umbra ${argv.join(" ")} ended with status ${status}\n${stdout}\n${stderr}`);
  return stdout;
}
