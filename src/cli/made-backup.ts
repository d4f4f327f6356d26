import { backupData, backupText } from "./render/backups.ts";
import { planText } from "./render/plan.ts";
import type { CommandResult } from "./result.ts";
import type { MadeBackup, PlannedRun } from "./runs.ts";

/** What a command that makes a backup prints with `--plan`. */
export function plannedResult(head: string, database: string, planned: PlannedRun): CommandResult {
  if (!planned.ok) return planned;
  const { lines, warnings, downtime } = planned;
  const text = planText(head, lines, warnings, downtime === undefined ? [] : [downtime.text]);
  const data = { database, steps: lines, warnings, ...(downtime === undefined ? {} : { downtime }) };
  return { ok: true, kind: "plan", data, text };
}

/** What it prints when the backup is made. Warnings were told while it ran: only programs read them here again. */
export function madeResult(made: MadeBackup): CommandResult {
  if (!made.ok) return made;
  const { backup, warnings } = made;
  return {
    ok: true,
    kind: "backup",
    data: { backup: backupData(backup), warnings },
    text: backupText(backup),
  };
}
