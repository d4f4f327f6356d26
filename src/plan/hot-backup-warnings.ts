import type { Facts } from "../domain/facts.ts";
import type { Warning } from "../domain/refusal.ts";
import { formatDuration } from "../domain/human.ts";
import type { Treatment } from "./file-treatment.ts";

/** Clocks that differ by more make times in logs and manifests hard to compare. */
const SKEW_MS = 5_000;

/** What the user should know although the backup is made. */
export function hotBackupWarnings(facts: Facts, treatments: readonly Treatment[]): readonly Warning[] {
  return [...surroundingWarnings(facts), ...withoutRedo(facts), ...needsRecovery(treatments)];
}

/** What is so for every kind of backup. */
export function surroundingWarnings(facts: Facts): readonly Warning[] {
  return [
    ...newArea(facts),
    ...sharedFileSystem(facts),
    ...clockSkew(facts),
    ...missingFiles(facts),
    ...keystores(facts),
  ];
}

/** The first backup makes its area; the same is seen where the storage is not mounted. */
function newArea({ backupArea }: Facts): Warning[] {
  if (backupArea === undefined || backupArea.exists) return [];
  const seen = `the backup area ${backupArea.path} is not there yet and will be made`;
  return [{ seen, todo: "if this is not the first backup, see whether the backup storage is mounted" }];
}

function sharedFileSystem({ backupArea }: Facts): Warning[] {
  const shared = backupArea?.sharedWith ?? [];
  if (shared.length === 0) return [];
  return [
    {
      seen: `the backup area is on the same file system as ${shared.join(", ")}`,
      todo: "put it on other storage: one broken disk would take the database and its backup",
    },
  ];
}

function withoutRedo({ identity, datafiles }: Facts): Warning[] {
  if (identity.forceLogging) return [];
  const touched = datafiles.filter((file) => (file.unrecoverableScn ?? 0n) > 0n).map((file) => file.file);
  const files = touched.length === 0 ? "" : `; it happened before in datafile ${touched.join(", ")}`;
  return [
    {
      rule: 57,
      seen: `FORCE LOGGING is off: changes without redo (NOLOGGING) are not in a hot backup${files}`,
      todo: "ALTER DATABASE FORCE LOGGING, or back up again after each NOLOGGING load",
    },
  ];
}

function clockSkew({ clock }: Facts): Warning[] {
  const certain = Math.abs(clock.skewMs) - clock.uncertaintyMs;
  if (certain <= SKEW_MS) return [];
  const direction = clock.skewMs > 0 ? "ahead of" : "behind";
  return [
    {
      seen: `the database host's clock is ${formatDuration(Math.abs(clock.skewMs))} ${direction} umbra's`,
      todo: "let both hosts follow the same time server",
    },
  ];
}

function needsRecovery(treatments: readonly Treatment[]): Warning[] {
  return treatments.flatMap((treatment) => {
    if (treatment.how !== "as-it-is" || treatment.why !== "offline-needs-recovery") return [];
    const { file, container, tablespace, checkpointScn } = treatment.file;
    return [
      {
        rule: 33,
        seen: `datafile ${file} of ${container}:${tablespace} went offline without a checkpoint: its copy needs logs from SCN ${checkpointScn} on, which may not be in the backup`,
        todo: "recover the file and bring it online, then back up again",
      },
    ];
  });
}

function missingFiles({ passwordFile, spfile }: Facts): Warning[] {
  const warnings: Warning[] = [];
  if (passwordFile === undefined || passwordFile.startsWith("+")) {
    const seen =
      passwordFile === undefined
        ? "no password file is known"
        : `the password file ${passwordFile} is in ASM`;
    warnings.push({ rule: 11, seen, todo: "keep a copy of the password file by hand" });
  }
  if (spfile === undefined || spfile.startsWith("+")) {
    const seen =
      spfile === undefined
        ? "the instance runs without a server parameter file"
        : `the server parameter file ${spfile} is in ASM`;
    warnings.push({ rule: 11, seen, todo: "the backup holds the parameters as text only" });
  }
  return warnings;
}

function keystores({ wallets }: Facts): Warning[] {
  const open = wallets.filter((wallet) => wallet.status.startsWith("OPEN"));
  if (open.length === 0) return [];
  return [
    {
      rule: 11,
      seen: `encryption keys are in ${open.map((wallet) => wallet.location || wallet.type).join(", ")}: the backup records the place, not the keys`,
      todo: "keep a copy of the keystore apart from the data: without it encrypted files cannot be recovered",
    },
  ];
}
