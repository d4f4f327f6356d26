import type { ColdLook } from "../domain/cold-look.ts";
import type { DowntimeLimit, PredictedDowntime } from "../domain/downtime.ts";
import type { Facts } from "../domain/facts.ts";
import { formatDuration } from "../domain/human.ts";
import type { Warning } from "../domain/refusal.ts";
import type { ClosedTreatment } from "./closed-treatment.ts";
import { copyText, exceeds, rollbackText } from "./downtime.ts";
import { surroundingWarnings } from "./hot-backup-warnings.ts";

/** A standby that is less behind keeps up. */
const LAG_TOLD_SECONDS = 300;

interface WarningsInput {
  readonly facts: Facts;
  readonly look: ColdLook;
  readonly treatments: readonly ClosedTreatment[];
  readonly downtime: PredictedDowntime;
  readonly limit: DowntimeLimit;
}

/** What the user should know although the backup is made. */
export function coldBackupWarnings(input: WarningsInput): readonly Warning[] {
  return [
    ...surroundingWarnings(input.facts),
    ...rollback(input),
    ...tooLong(input),
    ...needsRecovery(input),
    ...standby(input),
    ...behind(input),
  ];
}

function rollback({ downtime }: WarningsInput): Warning[] {
  if (downtime.transactions === 0) return [];
  return [{ rule: 29, seen: rollbackText(downtime), todo: "let long work end first, where it can" }];
}

function tooLong({ downtime, limit }: WarningsInput): Warning[] {
  if (limit.maxDowntimeMs === undefined || !exceeds(downtime, limit)) return [];
  const max = formatDuration(limit.maxDowntimeMs);
  const then = limit.onOverrun === "continue" ? "the copies go on then" : "the copies are stopped then";
  return [
    {
      rule: 29,
      seen: `${copyText(downtime)}; the database may be down for ${max}, and ${then}`,
      todo: "use --mode pre-copy or --mode snapshot",
    },
  ];
}

function needsRecovery({ treatments }: WarningsInput): Warning[] {
  return treatments.flatMap((one) => {
    if (one.how !== "copied" || one.state !== "offline-needs-recovery") return [];
    const { file, container, tablespace, checkpointScn } = one.file;
    return [
      {
        rule: 33,
        seen: `datafile ${file} of ${container}:${tablespace} went offline without a checkpoint: its copy needs logs from SCN ${checkpointScn} on, which are not in the backup`,
        todo: "recover the file and bring it online, then back up again",
      },
    ];
  });
}

/** The backup is of the time up to which redo was applied. */
function behind({ look }: WarningsInput): Warning[] {
  const { applyLagSeconds = 0 } = look;
  if (applyLagSeconds < LAG_TOLD_SECONDS) return [];
  const seen = `the standby is ${formatDuration(applyLagSeconds * 1000)} behind its primary, and the backup will be too`;
  return [{ rule: 26, seen, todo: "find out why apply is behind, or back up when it has come up" }];
}

/** Its control file is a standby's (rule 111). */
function standby({ facts }: WarningsInput): Warning[] {
  if (facts.identity.role === "PRIMARY") return [];
  return [
    {
      rule: 111,
      seen: `the database is a ${facts.identity.role}: its control file is one of a standby`,
      todo: "keep a control file of the primary for restores of the primary",
    },
  ];
}
