import { UmbraError } from "../../errors/umbra-error.ts";
import { snapshotsAt } from "../../run/snapshot-list.ts";
import { type Declare, group } from "../command.ts";
import { listedData, listedText, volumeData, volumeText } from "../render/snapshots.ts";

/** Thousands of snapshots on a busy array. */
const DEADLINE_MS = 120_000;

export const snapshotList: Declare = (program, perform) => {
  group(program, "snapshot", "snapshots of live backup areas")
    .command("list")
    .description(
      "print the snapshots of a database's live area, or all that lie on a storage, the oldest first",
    )
    .argument("[database]", "name in the configuration")
    .option("--storage <name>", "all snapshots of the volume below this storage's path, also those of others")
    .action(
      perform(async (context, database: string | undefined, { storage }: { readonly storage?: string }) => {
        if ((database === undefined) === (storage === undefined)) {
          const message = "name either a database or, with --storage, a storage";
          throw new UmbraError("UMB-2001", { message, command: "snapshot" });
        }
        if (database !== undefined) {
          const found = await context.withWorld(database, (world) =>
            context.around.runs.keeping.listSnapshots(world),
          );
          return { ok: true, kind: "snapshots", data: listedData(database, found), text: listedText(found) };
        }
        const { fleet } = await context.fleet();
        const name = storage ?? "";
        const path = fleet.storages.get(name)?.path;
        if (path === undefined) throw new UmbraError("UMB-2008", { name });
        await using opened = context.around.openStorages(fleet);
        const call = { deadlineMs: DEADLINE_MS, signal: context.around.signal() };
        const found = await snapshotsAt(opened.storages, { name, path }, call);
        return { ok: true, kind: "snapshots", data: volumeData(name, found), text: volumeText(found) };
      }),
    );
};
