import { UmbraError } from "../../errors/umbra-error.ts";
import { areaPlan } from "../area-plan.ts";
import { catalogEntry } from "../catalog-entry.ts";
import { readManifest } from "../read-manifest.ts";
import type { Handler } from "../step-context.ts";

/** Of the area between two changes of it. What it holds goes into the catalog as it was then. */
export const takeSnapshot: Handler<"take-snapshot"> = async ({ name }, context) => {
  const { world, signal } = context;
  const { snapshots, database, state } = world;
  const { layout, directory, run } = areaPlan(context);
  if (snapshots === undefined) throw new UmbraError("UMB-1001", { what: "the storage of snapshots is gone" });
  const read = await readManifest(world, layout.manifest);
  const tag = { agent: world.storages?.agent ?? "umbra", database: database.name, run };
  const call = { deadlineMs: database.deadlines.copyStallMs, signal };
  const taken = await snapshots.take({ name, tag }, call);
  if (read?.ok !== true) return { note: `${name}, without a manifest`, directory };
  const { storage, volume } = taken;
  const entry = catalogEntry(read.manifest, read.text, taken.directory);
  await state.catalog.add({ ...entry, id: name, snapshot: { storage, volume, name } });
  return { note: name, storage, volume };
};
