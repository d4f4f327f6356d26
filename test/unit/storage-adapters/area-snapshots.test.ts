import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { DatabaseName, FilePath, RunId } from "../../../src/domain/names.ts";
import { formatSnapshotName, type SnapshotName } from "../../../src/domain/snapshot.ts";
import { createAreaSnapshots } from "../../../storage-adapters/area-snapshots.ts";
import { openStorage } from "../../../storage-adapters/registry.ts";
import { filesHere } from "../../contract/storage/files-here.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

const call = { deadlineMs: 20_000 };

async function rig() {
  const scratch = scratchDirectory();
  const live = join(scratch.path, "PROD1", "live");
  mkdirSync(join(scratch.path, "snapshots"));
  mkdirSync(live, { recursive: true });
  const settings = { kind: "reflink", directory: join(scratch.path, "snapshots") } as const;
  const storage = await openStorage("nas", settings, filesHere(), call);
  const of = (database: string) =>
    createAreaSnapshots({
      open: () => Promise.resolve(storage),
      database: database as DatabaseName,
      directory: live as FilePath,
    });
  const request = (minute: number, database = "PROD1") => {
    const run = `20261121T090${minute}00Z-refresh-aa` as RunId;
    const tag = { agent: "a1", database: database as DatabaseName, run };
    return { name: formatSnapshotName({ run }), tag };
  };
  return { live, storage, of, request, [Symbol.dispose]: () => scratch[Symbol.dispose]() };
}

describe("snapshots of a live backup area", () => {
  test("the area is read as it was, and taking it again gives the same one", async () => {
    using r = await rig();
    writeFileSync(join(r.live, "manifest.json"), "one");
    const taken = await r.of("PROD1").take(r.request(1), call);
    writeFileSync(join(r.live, "manifest.json"), "two");
    expect(await r.of("PROD1").take(r.request(1), call)).toEqual(taken);
    expect(readFileSync(join(taken.directory, "manifest.json"), "utf8")).toBe("one");
    expect(taken).toMatchObject({ storage: "nas", name: r.request(1).name });
  });

  test("those of this database are listed, oldest first, and nothing else that lies there", async () => {
    using r = await rig();
    const area = r.of("PROD1");
    for (const minute of [2, 1]) await area.take(r.request(minute), call);
    await area.take(r.request(3, "OTHER"), call);
    // A backup of the database's own files, which lie beside it.
    await area.take({ ...r.request(5), name: `${r.request(5).name}.data2` as SnapshotName }, call);
    await area.take({ ...r.request(4), name: "umbra-20261121T0900Z-run" as SnapshotName }, call);
    const listed = await area.list(call);
    expect(listed.map(({ name }) => name)).toEqual([r.request(2).name, r.request(1).name]);
    expect(listed.every(({ directory }) => directory.endsWith("/PROD1/live"))).toBe(true);
  });

  test("what they cost is what the storage says of its volume", async () => {
    using r = await rig();
    const [area] = await r.storage.locate([r.live as FilePath], call);
    if (area === undefined) throw new Error("the area is not found");
    const { instant: isInstant } = await r.storage.describe(area.volume.id, call);
    expect(await r.of("PROD1").areInstant?.(call)).toBe(isInstant);
  });

  test("without a live area there is nothing to take", async () => {
    using r = await rig();
    const parts = { open: () => Promise.resolve(r.storage), database: "PROD1" as DatabaseName };
    const nowhere = createAreaSnapshots({ ...parts, directory: join(r.live, "absent") as FilePath });
    await expect(nowhere.take(r.request(1), call)).rejects.toMatchObject({ code: "UMB-6302" });
  });
});
