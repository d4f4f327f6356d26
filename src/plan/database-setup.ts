import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import type { Warning } from "../domain/refusal.ts";
import type { DatabaseSetupStep, SetupLook } from "../domain/setup-plan.ts";
import { below } from "./backup-layout.ts";
import { isEnterprise } from "./edition.ts";
import { isWritable } from "./rman-script.ts";
import { id } from "./step-parts.ts";

type Config = Pick<DatabaseConfig, "backupArea" | "refresh">;

/** By its name the file is known as umbra's: only a file that setup has made is taken back. */
const TRACKING_PREFIX = "umbra_bct_";
const SNAPSHOT_CONTROLFILE = "snapcf_umbra.f";

/**
 * What RMAN needs of the database itself: block change tracking, where the edition has it, so that a level 1 reads what
 * changed only; and on clusters a snapshot control file that every instance reaches (rule 114, ORA-00245). What somebody
 * has set already stays as it is.
 */
export function databaseSetup(
  facts: Facts,
  look: Pick<SetupLook, "snapshotControlfile">,
  config: Config,
): { readonly steps: readonly DatabaseSetupStep[]; readonly warnings: readonly Warning[] } {
  if (config.refresh.engine !== "rman") return { steps: [], warnings: [] };
  const { snapshotControlfile } = look;
  const path = trackingFile(facts);
  const isTracked = facts.blockChangeTracking !== undefined;
  const canTrack = isEnterprise(facts) && facts.identity.role === "PRIMARY";
  const steps: DatabaseSetupStep[] = [];
  const warnings: Warning[] = [];
  if (canTrack && !isTracked && path !== undefined)
    steps.push({ kind: "enable-change-tracking", id: id("enable-change-tracking"), path });
  const own = ownSnapshotControlfile(config);
  if (snapshotControlfile === undefined || snapshotControlfile.path === own) return { steps, warnings };
  if (snapshotControlfile.isDefault && isWritable(own)) {
    steps.push({ kind: "share-snapshot-controlfile", id: id("share-snapshot-controlfile"), path: own });
  } else if (!snapshotControlfile.path.startsWith("+")) {
    const seen = `RMAN's snapshot control file is ${snapshotControlfile.path}, as somebody has set it`;
    warnings.push({ rule: 114, seen, todo: "see that every instance of the cluster reaches it" });
  }
  return { steps, warnings };
}

/** Takes back what setup made and nothing else. */
export function databaseUndo(look: SetupLook, config: Config): readonly DatabaseSetupStep[] {
  const steps: DatabaseSetupStep[] = [];
  const { changeTracking, snapshotControlfile } = look;
  if (changeTracking !== undefined && lastName(changeTracking).startsWith(TRACKING_PREFIX))
    steps.push({ kind: "disable-change-tracking", id: id("disable-change-tracking"), path: changeTracking });
  const own = ownSnapshotControlfile(config);
  if (snapshotControlfile?.path === own)
    steps.push({ kind: "reset-snapshot-controlfile", id: id("reset-snapshot-controlfile"), path: own });
  return steps;
}

/** RMAN writes it on whichever instance it runs. One instance always reaches its own. */
export function needsSharedSnapshotControlfile(facts: Facts, { refresh }: Pick<Config, "refresh">): boolean {
  const isCluster = facts.instances.length > 1 || facts.parameters["cluster_database"] === "TRUE";
  return refresh.engine === "rman" && isCluster;
}

/** Beside the first datafile, never on backup storage: a tracking file that hangs would stop the database. */
function trackingFile({ datafiles, identity }: Facts): FilePath | undefined {
  const [first] = datafiles.toSorted((a, b) => a.file - b.file);
  if (first === undefined) return undefined;
  const { path } = first;
  const place = path.slice(0, path.startsWith("+") ? path.indexOf("/") : path.lastIndexOf("/"));
  return `${place}/${TRACKING_PREFIX}${identity.uniqueName.toLowerCase()}.ctf` as FilePath;
}

/** Beside the live area, so that no snapshot holds it: every instance archives into the area, so it reaches that too. */
function ownSnapshotControlfile({ backupArea }: Config): FilePath {
  return below(backupArea, SNAPSHOT_CONTROLFILE);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
