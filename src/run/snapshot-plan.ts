import type { Plan, SnapshotBackupPlan } from "../domain/plan.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { Storages } from "./storages.ts";
import type { World } from "./world.ts";

/** The plan of a step that only a backup by snapshots has. */
export function snapshotPlan({ plan }: { readonly plan: Plan }): SnapshotBackupPlan {
  if (plan.kind === "snapshot-backup") return plan;
  throw new UmbraError("UMB-1001", { what: `a step of a snapshot backup in a plan of kind ${plan.kind}` });
}

/** UMB-8005 where the configuration has none any more. */
export function storagesIn({ storages }: Pick<World, "storages">): Storages {
  if (storages !== undefined) return storages;
  const seen =
    "snapshots of the database's volumes are known, and the configuration has no storage that takes them";
  throw new UmbraError("UMB-8005", { seen });
}
