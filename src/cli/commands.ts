import type { Declare } from "./command.ts";
import { backupCold } from "./commands/backup-cold.ts";
import { backupHot } from "./commands/backup-hot.ts";
import { backupRefresh } from "./commands/backup-refresh.ts";
import { backupSnapshot } from "./commands/backup-snapshot.ts";
import { baseline } from "./commands/baseline.ts";
import { catalogRebuild } from "./commands/catalog-rebuild.ts";
import { check } from "./commands/check.ts";
import { configCheck } from "./commands/config-check.ts";
import { configSchema } from "./commands/config-schema.ts";
import { coverage } from "./commands/coverage.ts";
import { discover } from "./commands/discover.ts";
import { doctor } from "./commands/doctor.ts";
import { heartbeat } from "./commands/heartbeat.ts";
import { holdAdd } from "./commands/hold-add.ts";
import { holdList } from "./commands/hold-list.ts";
import { holdRelease } from "./commands/hold-release.ts";
import { hostsTrust } from "./commands/hosts-trust.ts";
import { inventory } from "./commands/inventory.ts";
import { list } from "./commands/list.ts";
import { logsBackfill } from "./commands/logs-backfill.ts";
import { logsGuard } from "./commands/logs-guard.ts";
import { logsPrune } from "./commands/logs-prune.ts";
import { logsSetup } from "./commands/logs-setup.ts";
import { logsVerify } from "./commands/logs-verify.ts";
import { reconcile } from "./commands/reconcile.ts";
import { remote } from "./commands/remote.ts";
import { retentionApply } from "./commands/retention-apply.ts";
import { retentionPlan } from "./commands/retention-plan.ts";
import { retentionUndo } from "./commands/retention-undo.ts";
import { setup } from "./commands/setup.ts";
import { show } from "./commands/show.ts";
import { snapshotCreate } from "./commands/snapshot-create.ts";
import { snapshotDelete } from "./commands/snapshot-delete.ts";
import { snapshotList } from "./commands/snapshot-list.ts";
import { storageVerify } from "./commands/storage-verify.ts";
import { verify } from "./commands/verify.ts";

/** Every command, in the order of `umbra --help`. */
export const commands: readonly Declare[] = [
  configCheck,
  configSchema,
  doctor,
  discover,
  inventory,
  check,
  backupHot,
  backupCold,
  setup,
  baseline,
  backupRefresh,
  backupSnapshot,
  reconcile,
  list,
  show,
  coverage,
  verify,
  snapshotList,
  snapshotCreate,
  snapshotDelete,
  holdAdd,
  holdRelease,
  holdList,
  retentionPlan,
  retentionApply,
  retentionUndo,
  storageVerify,
  catalogRebuild,
  logsSetup,
  logsVerify,
  logsBackfill,
  logsGuard,
  logsPrune,
  heartbeat,
  hostsTrust,
  remote,
];
