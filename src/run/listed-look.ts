import type { ListedLook } from "../domain/area-look.ts";
import type { DatafileFacts } from "../domain/facts.ts";
import { counted } from "../domain/human.ts";
import type { LocatedFile } from "../domain/primary-look.ts";
import { lookAtPrimary } from "./primary-look.ts";
import { storagesIn } from "./snapshot-plan.ts";
import type { World } from "./world.ts";

/** Where the datafiles lie on storages that list changes. Those that do not are an answer, not an error. */
export async function lookForLists(world: World, datafiles: readonly DatafileFacts[]): Promise<ListedLook> {
  const { database, signal } = world;
  const call = { deadlineMs: database.deadlines.copyStallMs, signal };
  const look = await lookAtPrimary(world, datafiles);
  const files = new Map<number, LocatedFile>();
  const whyNot: string[] = [];
  if (look.nowhere.length > 0 || look.files.size < datafiles.length) {
    const count = counted(datafiles.length - look.files.size, "datafile");
    const first = look.nowhere[0];
    const example = first === undefined ? "" : `: ${first.path}, ${first.seen}`;
    whyNot.push(`${count} on no configured storage: no list of changes${example}`);
  }
  for (const [name, own] of Map.groupBy(look.files, ([, { storage }]) => storage)) {
    const storage = await storagesIn(world).open(name, call);
    if (storage.changedBlocks !== undefined) for (const [file, located] of own) files.set(file, located);
    else whyNot.push(`storage ${name} does not list changes: ${counted(own.length, "datafile")} on it`);
  }
  return { files, whyNot };
}
