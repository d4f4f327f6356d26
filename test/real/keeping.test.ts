import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test, type TestContext } from "vitest";

import { btrfsVolume } from "../rigs/btrfs-volume.ts";
import { databaseUser } from "../rigs/database-user.ts";
import { xfsVolume } from "../rigs/xfs-volume.ts";

interface Storage extends AsyncDisposable {
  /** Of the configuration. */
  readonly path: string;
  readonly kind: string;
  /** Where its snapshots are. */
  readonly snapshots: string;
}

const storages: readonly (readonly [string, (context: TestContext) => Storage])[] = [
  [
    "XFS",
    (context) => {
      const volume = xfsVolume(context);
      const path = join(volume.path, "backup");
      mkdirSync(path);
      const snapshots = join(volume.path, ".umbra-snapshots");
      return { path, snapshots, kind: "reflink", [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose]() };
    },
  ],
  [
    "btrfs",
    (context) => {
      const volume = btrfsVolume(context);
      const path = volume.subvolume("backup");
      const snapshots = join(path, ".umbra-snapshots");
      return { path, snapshots, kind: "btrfs", [Symbol.asyncDispose]: () => volume[Symbol.asyncDispose]() };
    },
  ],
];

/** A dozen commands, each a process of its own. */
const MANY_COMMANDS_MS = 300_000;

test.for(storages)(
  "on a real %s: refreshes leave snapshots, coverage knows them, retention removes all but what it keeps",
  { timeout: MANY_COMMANDS_MS },
  async ([, make], context) => {
    await using storage = make(context);
    await using user = await databaseUser();
    user.configure({
      storagePath: storage.path,
      snapshots: `{ kind: ${storage.kind} }`,
      more: [
        "    refresh: { snapshot: before }",
        "    retention: { daily: 1, minimum-good: 1, protect: 0s, grace: 0s }",
      ].join("\n"),
    });
    const taken = () => readdirSync(storage.snapshots).filter((name) => name.startsWith("umbra-"));
    await user.succeed("baseline", "PROD1");
    for (let round = 0; round < 2; round += 1) await user.succeed("backup", "refresh", "PROD1");
    await user.succeed("snapshot", "create", "PROD1");
    expect(taken()).toHaveLength(3);
    const listed = await user.succeed("snapshot", "list", "PROD1");
    for (const name of taken()) expect(listed).toMatch(new RegExp(`^${name} .* good$`, "m"));
    const ways = JSON.stringify(await user.object("coverage", "PROD1"));
    for (const name of taken()) expect(ways).toContain(name);
    const newest = taken().toSorted().at(-1);
    const apply = ["retention", "apply", "PROD1", "--by-policy"];
    const done = await user.object<{ readonly removed: readonly string[] }>(...apply);
    expect(done.removed).toHaveLength(2);
    expect(taken()).toEqual([newest]);
    expect(await user.succeed("verify", newest ?? "")).toContain("is good");
    const tried = await user.succeed("storage", "verify", "nas", "--scratch", storage.path);
    expect(tried).toMatch(/can be used: \d+ kept/);
    expect(taken()).toEqual([newest]);
  },
);
