import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { type DatabaseUser, databaseUser } from "../../rigs/database-user.ts";

let user: DatabaseUser;

/** Without grace, so that what goes is gone at once; a day has one backup. */
const policy = () =>
  user.configure({
    snapshots: `{ kind: reflink, directory: ${snapshotsAt()} }`,
    more: `    refresh: { snapshot: none }\n    retention: { zone: Europe/Berlin, daily: 1, minimum-good: 1, protect: 0s, grace: 0s }`,
  });
const snapshotsAt = () => join(user.directory, "snapshots");

beforeAll(async () => {
  user = await databaseUser();
  mkdirSync(snapshotsAt());
});
beforeEach(() => policy());
afterAll(async () => await user[Symbol.asyncDispose]());

interface Plan {
  readonly plan: string;
  readonly objects: readonly {
    readonly id: string;
    readonly stays: boolean;
    readonly why: readonly string[];
  }[];
}
interface Backup {
  readonly backup: { readonly id: string };
}

/** Each command is a process of its own. */
const MANY_COMMANDS_MS = 300_000;

test(
  "snapshots of the live area are taken, listed, held, planned, applied and deleted",
  { timeout: MANY_COMMANDS_MS },
  async () => {
    const nothing = await user.umbra("snapshot", "create", "PROD1");
    expect([nothing.status, nothing.stderr]).toEqual([3, expect.stringContaining("UMB-3166")]);
    await user.succeed("baseline", "PROD1");
    expect(await user.succeed("snapshot", "create", "PROD1", "--plan")).toContain("take snapshot umbra-");
    expect(readdirSync(snapshotsAt())).toEqual([]);

    const ids: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      if (round > 0) await user.succeed("backup", "refresh", "PROD1");
      ids.push((await user.object<Backup>("snapshot", "create", "PROD1")).backup.id);
    }
    const [first = "", second = "", third = ""] = ids;
    expect(readdirSync(snapshotsAt()).toSorted()).toEqual(ids.toSorted());
    const listed = await user.succeed("snapshot", "list", "PROD1");
    for (const id of ids) expect(listed).toMatch(new RegExp(`^${id} .* good$`, "m"));
    expect(await user.succeed("snapshot", "list", "--storage", "nas")).toContain("PROD1, run ");
    expect(await user.succeed("list", "PROD1")).toContain(first);

    await user.succeed("hold", "add", first, "--reason", "audit", "--owner", "ann", "--until", "2100-01-01");
    const held = await user.umbra("snapshot", "delete", first, "--now");
    expect([held.status, held.stderr]).toEqual([3, expect.stringContaining("held by ann: audit")]);

    const plan = await user.object<Plan>("retention", "plan", "PROD1");
    expect(plan.objects.map(({ id, stays }) => [id, stays])).toEqual([
      [first, true],
      [second, false],
      [third, true],
    ]);
    const text = await user.succeed("retention", "plan", "PROD1");
    expect(text).toContain("held by ann until 2100-01-01");
    expect(text).toMatch(/Can be restored now:\n {2}[█▒·]+\nafterwards:\n {2}[█▒·]+\n/);

    const stale = await user.umbra("retention", "apply", "PROD1", "--plan", "0123456789ab");
    expect([stale.status, stale.stderr]).toEqual([3, expect.stringContaining("UMB-3162")]);
    expect(await user.succeed("retention", "apply", "PROD1", "--plan", plan.plan)).toContain(
      `${second} is removed.`,
    );
    expect(readdirSync(snapshotsAt()).toSorted()).toEqual([first, third].toSorted());
    expect(await user.succeed("retention", "apply", "PROD1", "--by-policy")).toContain(
      "PROD1: 0 marked, 0 removed, 0 waiting, 0 not done.",
    );

    const [hold] = (await user.object<{ readonly holds: readonly { readonly id: string }[] }>("hold", "list"))
      .holds;
    await user.succeed("hold", "release", hold?.id ?? "");
    user.configure({ snapshots: `{ kind: reflink, directory: ${snapshotsAt()} }` });
    expect(await user.succeed("snapshot", "delete", first)).toContain("umbra retention undo");
    expect(await user.succeed("snapshot", "list", "PROD1")).toMatch(
      new RegExp(`^${first} .* goes from `, "m"),
    );
    expect(await user.succeed("retention", "undo", "PROD1", first)).toContain(`${first} stays.`);
    expect(await user.succeed("snapshot", "delete", first, "--now")).toContain(`${first} is deleted.`);
    const last = await user.umbra("snapshot", "delete", third, "--now");
    expect([last.status, last.stderr]).toEqual([3, expect.stringContaining("the last one that is good")]);
    expect(readdirSync(snapshotsAt())).toEqual([third]);
  },
);

test("a storage is tried as a whole, and nothing of it is left", async () => {
  const before = readdirSync(snapshotsAt());
  const text = await user.succeed("storage", "verify", "nas", "--scratch", user.storage);
  expect(text).toMatch(/^ok +a file is read from its snapshot as it was/m);
  expect(text).toMatch(/^not offered +a held snapshot is not deleted.*: no hold$/m);
  expect(text).toMatch(/nas \(cp .*\) can be used: \d+ kept, \d+ not offered\.$/m);
  expect(readdirSync(snapshotsAt())).toEqual(before);
  expect(readdirSync(user.storage).filter((name) => name.startsWith("umbra-promise"))).toEqual([]);
});

test("a storage without snapshots in the configuration is named", async () => {
  user.configure();
  for (const argv of [
    ["snapshot", "create", "PROD1"],
    ["snapshot", "list", "PROD1"],
    ["storage", "verify", "nas", "--scratch", "/tmp"],
  ]) {
    const { status, stderr } = await user.umbra(...argv);
    expect([status, stderr]).toEqual([2, expect.stringContaining("UMB-2008")]);
  }
  const { status, stderr } = await user.umbra("retention", "plan", "PROD1");
  expect([status, stderr]).toEqual([3, expect.stringContaining("UMB-3161")]);
});
