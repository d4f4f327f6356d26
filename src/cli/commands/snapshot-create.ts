import { type Declare, group } from "../command.ts";
import { backupData, backupText } from "../render/backups.ts";
import { planText } from "../render/plan.ts";

export const snapshotCreate: Declare = (program, perform) => {
  group(program, "snapshot", "snapshots of live backup areas")
    .command("create")
    .description("take a snapshot of a database's live backup area as it is now")
    .argument("<database>", "name in the configuration")
    .option("--plan", "print what would be done, and change nothing")
    .action(
      perform(async (context, database: string, { plan = false }: { readonly plan?: boolean }) => {
        const { keeping } = context.around.runs;
        if (plan) {
          const planned = await context.withWorld(database, (world) => keeping.planSnapshot(world));
          if (!planned.ok) return planned;
          const { name, storage, directory } = planned;
          const line = { id: "take-snapshot", title: `take snapshot ${name} on storage ${storage}`, sql: [] };
          const steps = [{ ...line, target: directory }];
          const text = planText(`snapshot of the live area of ${database}`, steps, []);
          return { ok: true, kind: "plan", data: { database, steps, warnings: [] }, text };
        }
        const made = await context.withWorld(database, (world) => keeping.createSnapshot(world));
        if (!made.ok) return made;
        const data = { backup: backupData(made.entry) };
        return { ok: true, kind: "backup", data, text: backupText(made.entry) };
      }),
    );
};
