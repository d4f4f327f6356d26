import { counted } from "../../domain/human.ts";
import type { SnapshotDatafile } from "../../domain/manifest.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { eachOf } from "../each-of.ts";
import { readInSnapshot } from "../read-in-snapshot.ts";
import { snapshotPlan } from "../snapshot-plan.ts";
import { withViews } from "../snapshot-views.ts";
import type { Handler } from "../step-context.ts";

/** Every block, after END BACKUP: the database is not waiting. Fractured blocks are legal in backup mode (rule 52). */
export const readSnapshots: Handler<"read-snapshots"> = async ({ id, width }, context) => {
  const { world, results, signal } = context;
  const plan = snapshotPlan(context);
  const { files } = results.snapshots;
  const read = new Map<number, SnapshotDatafile>();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  await withViews(world, plan.run, plan.snapshots, (shown) =>
    eachOf(files, width, signal, async (file, stop) => {
      const result = await readInSnapshot(world, shown.pathOf(file), file, stop);
      const problems = result.problem === undefined ? [] : [result.problem];
      problems.push(...result.damaged.map(({ block, verdict }) => `block ${block}: ${verdict}`));
      if (problems.length > 0) {
        throw new UmbraError("UMB-9001", {
          path: `${file.source} in snapshot ${file.snapshot}`,
          problems,
          rule: 128,
        });
      }
      read.set(file.file, { ...file, sha256: result.sha256, blocks: { ...result.blocks } });
      done += file.bytes;
      context.progress(id, done, total);
    }),
  );
  files.splice(0, files.length, ...files.map((file) => read.get(file.file) ?? file));
  return { note: `${counted(files.length, "datafile")} read`, bytes: total };
};
