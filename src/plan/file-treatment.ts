import type { ContainerFacts, DatafileFacts, Facts } from "../domain/facts.ts";
import type { HotBackupMode } from "../domain/fleet.ts";
import { SEED } from "../domain/names.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { WithoutMarkers } from "../domain/step.ts";

/** How one datafile is copied, or why it cannot be. */
export type Treatment =
  | { readonly how: "in-backup-mode"; readonly file: DatafileFacts }
  | { readonly how: "as-it-is"; readonly file: DatafileFacts; readonly why: WithoutMarkers }
  | { readonly how: "refused"; readonly refusal: Refusal };

/** v$datafile_header says so of files of a tablespace that was taken offline NORMAL. */
const OFFLINE_NORMAL = "OFFLINE NORMAL";

/** Judges a file by its state, its container's and its header (rules 14, 31, 33, 35, 104, 105). */
export function treatmentOf(file: DatafileFacts, facts: Facts, mode: HotBackupMode): Treatment {
  if (file.path.startsWith("+")) return refused(inAsm(file));
  if (file.path === "" || !file.path.startsWith("/")) return refused(unknownPath(file));
  const container = facts.containers.find((one) => one.name === file.container);
  if (isOffline(file)) return offline(file);
  if (!file.header || file.header.error !== undefined) return refused(unreadableHeader(file));
  if (file.status !== "ONLINE" && file.status !== "SYSTEM") return refused(oddState(file));
  if (file.enabled === "READ ONLY") return asItIs(file, "read-only");
  if (container?.name === SEED) return asItIs(file, "seed");
  if (container !== undefined && container.openMode !== "READ WRITE") return inClosed(file, container, mode);
  return { how: "in-backup-mode", file };
}

function isOffline(file: DatafileFacts): boolean {
  return file.enabled === "DISABLED" || ["OFFLINE", "RECOVER", "SYSOFF"].includes(file.status);
}

/** Offline NORMAL left a checkpoint in the file; any other way of going offline may need redo from before. */
function offline(file: DatafileFacts): Treatment {
  const { header } = file;
  if (file.status === "SYSOFF") return refused(oddState(file));
  if (!header || (header.error !== undefined && header.error !== OFFLINE_NORMAL)) {
    return refused(unreadableHeader(file));
  }
  const stopped = file.lastScn !== undefined && file.lastScn === file.checkpointScn;
  const clean = !header.fuzzy && file.status !== "RECOVER" && (stopped || header.error === OFFLINE_NORMAL);
  return { how: "as-it-is", file, why: clean ? "offline" : "offline-needs-recovery" };
}

function asItIs(file: DatafileFacts, why: WithoutMarkers): Treatment {
  if (file.header?.fuzzy === true) return refused(fuzzy(file));
  return { how: "as-it-is", file, why };
}

function inClosed(file: DatafileFacts, container: ContainerFacts, mode: HotBackupMode): Treatment {
  if (file.header?.fuzzy !== true) return { how: "as-it-is", file, why: "closed" };
  if (mode === "database") return { how: "in-backup-mode", file };
  return refused({
    code: "UMB-3110",
    rule: 104,
    seen: `${container.name} is ${container.openMode} and was not closed cleanly: datafile ${file.file} (${file.path}) needs recovery`,
    todo: `open ${container.name} read write, or use --mode database`,
  });
}

function refused(refusal: Refusal): Treatment {
  return { how: "refused", refusal };
}

function named(file: DatafileFacts): string {
  return `datafile ${file.file} of ${file.container}:${file.tablespace} (${file.path})`;
}

function inAsm(file: DatafileFacts): Refusal {
  return {
    code: "UMB-3107",
    rule: 14,
    seen: `${named(file)} lies in ASM, where operating system tools cannot copy it`,
    todo: "back this database up with RMAN image copies, or with snapshots of the ASM disks",
  };
}

function unknownPath(file: DatafileFacts): Refusal {
  return {
    code: "UMB-3109",
    rule: 56,
    seen: `${named(file)} has no absolute path`,
    todo: "rename the file in the control file to where it is, then run this again",
  };
}

function unreadableHeader(file: DatafileFacts): Refusal {
  return {
    code: "UMB-3108",
    rule: 5,
    seen: `${named(file)}: its header cannot be read${file.header?.error === undefined ? "" : `: ${file.header.error}`}`,
    todo: "restore or recover the file, or drop its tablespace, before a backup is taken",
  };
}

function oddState(file: DatafileFacts): Refusal {
  return {
    code: "UMB-3109",
    rule: 33,
    seen: `${named(file)} is ${file.status}, ${file.enabled}`,
    todo: "recover the file and bring it online, or take its tablespace offline NORMAL",
  };
}

function fuzzy(file: DatafileFacts): Refusal {
  return {
    code: "UMB-3109",
    rule: 31,
    seen: `${named(file)} is not written but its header says that it needs recovery`,
    todo: "make the tablespace read write and read only again, so that it is checkpointed",
  };
}
