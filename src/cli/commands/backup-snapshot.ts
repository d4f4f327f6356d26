import type { SnapshotBackupOptions } from "../../domain/plan.ts";
import { type Declare, group } from "../command.ts";
import { madeResult, plannedResult } from "../made-backup.ts";

interface Options extends SnapshotBackupOptions {
  readonly plan?: boolean;
}

export const backupSnapshot: Declare = (program, perform) => {
  group(program, "backup", "make a backup")
    .command("snapshot")
    .description(
      "snapshots of the volumes on which the database lies: seconds in backup mode, whatever its size",
    )
    .argument("<database>", "name in the configuration")
    .option("--plan", "print each statement and each snapshot, and change nothing")
    .option("--snapshot-time", "without backup mode: Enterprise Edition, and all volumes at one moment")
    .option("--suspend", "ALTER SYSTEM SUSPEND while the snapshots are taken")
    .option("--verify", "read every block in the snapshots afterwards")
    .action(
      perform(async (context, database: string, { plan = false, ...options }: Options) => {
        const { runs } = context.around;
        if (plan) {
          const planned = await context.withWorld(database, (world) => runs.planSnapshot(world, options));
          return plannedResult(`snapshot backup of ${database}`, database, planned);
        }
        return madeResult(await context.withWorld(database, (world) => runs.backupSnapshot(world, options)));
      }),
    );
};
