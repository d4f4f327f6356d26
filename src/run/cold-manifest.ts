import type { ColdManifest, ManifestCold } from "../domain/manifest.ts";
import type { ColdBackupPlan } from "../domain/plan.ts";
import { formatScn, minScn, scn, type Scn } from "../domain/scn.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { StepContext } from "./step-context.ts";

type ColdParts = Pick<ColdManifest, "scns" | "cold" | "kept" | "onlineRedo">;

/** What only the manifest of a cold backup has. It opens without recovery, so its SCNs are all about one moment. */
export function coldParts(plan: ColdBackupPlan, context: StepContext): ColdParts {
  const { cold, datafiles } = context.results;
  const closedAt = cold.checkpointScn;
  if (closedAt === undefined) throw new UmbraError("UMB-1001", { what: "no step proved that it was closed" });
  const lowest = minScn([
    closedAt,
    ...datafiles.filter(isRecovered).map((file) => scn(BigInt(file.checkpointScn))),
  ]);
  // As of hot backups: recovery UNTIL CHANGE n leaves out change n.
  const end = formatScn(scn(closedAt + 1n));
  return {
    scns: {
      neededFrom: formatScn(lowest ?? closedAt),
      minimumRecovery: end,
      recoverableTo: end,
      threads: [],
    },
    cold: coldOf(plan, closedAt, context),
    kept: plan.kept,
    onlineRedo: cold.onlineRedo,
  };
}

function isRecovered({ needsRecovery }: { readonly needsRecovery: boolean }): boolean {
  return needsRecovery;
}

function coldOf(plan: ColdBackupPlan, closedAt: Scn, { results, downtime }: StepContext): ManifestCold {
  const { cold } = results;
  return {
    consistent: true,
    mode: plan.mode,
    logMode: plan.facts.identity.logMode,
    checkpointScn: formatScn(closedAt),
    downtimeSeconds: (downtime.ms ?? 0) / 1000,
    copiedBytes: cold.copiedBytes,
    copySeconds: ((cold.copyToMs ?? 0) - (cold.copyFromMs ?? 0)) / 1000,
    proof: {
      headersOnDisk: cold.proved.size,
      headersInMount: cold.headersInMount,
      controlfileMembers: cold.controlfileMembers,
      startedAt: cold.startedAt ?? "unknown",
    },
  };
}
