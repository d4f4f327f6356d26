import { headerStatus } from "../files/datafile-header.ts";
import { OraError } from "../engine/ora-error.ts";
import type { RecoverSpec } from "./api.ts";
import { headerOf } from "./checkpoint.ts";
import { standsStill } from "./consistency.ts";
import { writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import type { Reached } from "./recover.ts";
import type { RecoveryLogs } from "./recovery-logs.ts";
import type { FileUnderRecovery } from "./redo-apply.ts";
import type { RedoEnd } from "./redo-merge.ts";
import { isWhole } from "./snapshot-recovery.ts";

/** Blocks, headers and control file say how far recovery came. */
export function finishRecovery(
  database: SimulatedDatabase,
  spec: RecoverSpec,
  files: readonly FileUnderRecovery[],
  reached: Reached,
): void {
  for (const entry of database.cache.dirty()) database.cache.writeNow(entry);
  for (const file of files) {
    const header = headerOf(file.record);
    const still = standsStill(file.record, header) && !file.touched && !movesWithApply(database, file);
    const ahead = header.checkpoint.scn > reached.scn;
    if (still || ahead) continue;
    advance(database, file, endOf(file, spec, reached));
  }
  database.raiseScn(reached.scn);
  if (spec.scope.level === "database") noteInControlFile(database, spec, reached);
  database.writeControl();
  for (const file of files) database.cache.forget(file.record.file);
}

/** On a standby every file that its primary writes moves on, whether redo touched it or not. The seed is never written. */
function movesWithApply({ control }: SimulatedDatabase, { record }: FileUnderRecovery): boolean {
  return control.type === "STANDBY" && record.enabled === "READ WRITE" && record.conId !== 2;
}

/** After incomplete recovery, or with a control file that does not know the end, only RESETLOGS opens. */
function noteInControlFile(database: SimulatedDatabase, spec: RecoverSpec, reached: Reached): void {
  const { control } = database;
  const cancelled = spec.until === "CANCEL" && reached.end.kind !== "end";
  const incomplete = reached.end.kind === "target" || cancelled || spec.usingBackupControlfile;
  if (!control.resetlogsRequired && !incomplete) return;
  control.checkpointScn = reached.scn;
  control.resetlogsRequired = true;
}

/** How one file stands after recovery. */
interface FileEnd {
  readonly scn: bigint;
  readonly at: Date | undefined;
  readonly unproved: boolean;
  readonly newestBlock: bigint;
}

function endOf(file: FileUnderRecovery, spec: RecoverSpec, { scn, at, end }: Reached): FileEnd {
  const stop = end.kind === "end" ? (file.record.lastScn ?? 0n) : 0n;
  // SNAPSHOT TIME is believed: blocks are not asked whether they are newer than what is recovered to.
  const believed = file.wasOpen && spec.snapshotTime !== undefined;
  return {
    scn: stop > scn ? stop : scn,
    at,
    unproved: file.wasOpen && !isWhole(spec, { end, at }),
    newestBlock: believed ? 0n : file.newestBlock,
  };
}

/** HBP stays until the END BACKUP record was seen, whatever the SCN; OFZ of a copy that was open stays until it is proved whole. */
function advance(database: SimulatedDatabase, file: FileUnderRecovery, to: FileEnd): void {
  const { record } = file;
  const { scn } = to;
  const header = headerOf(record);
  const inBackup = file.openBackup === undefined ? 0 : headerStatus.HBP;
  const open = to.unproved ? headerStatus.OFZ : 0;
  const at = to.at ?? header.checkpoint.at;
  writeHeader(record.path, {
    ...header,
    status: (header.status & ~(headerStatus.HBP | headerStatus.OFZ)) | inBackup | open,
    checkpoint: { ...header.checkpoint, scn, at },
    checkpointCount: header.checkpointCount + 1,
    controlSequence: database.control.sequence,
    recoveryFuzzyScn: to.newestBlock >= scn ? to.newestBlock : 0n,
  });
  if (inBackup === 0) database.backups.delete(record.file);
  record.checkpointScn = scn;
  record.checkpointAt = at;
  // A file that was open when it was copied ends where recovery ended.
  if (record.status === "ONLINE" || record.status === "SYSTEM") {
    if (database.control.resetlogsRequired || database.control.type !== "CURRENT") record.lastScn = null;
  }
}

/** What recovery asks for when it cannot go on. */
export function missingLog(
  database: SimulatedDatabase,
  logs: RecoveryLogs,
  end: Extract<RedoEnd, { kind: "missing" }>,
): OraError {
  const { thread, sequence, scn } = end;
  const path = logs.suggestion(thread, sequence);
  const at = database.hooks.now().toISOString().slice(0, 19).replace("T", " ");
  return new OraError(279, `change ${scn} generated at ${at} needed for thread ${thread}`, {
    below: [
      `ORA-00289: suggestion : ${path}`,
      `ORA-00280: change ${scn} for thread ${thread} is in sequence #${sequence}`,
      `ORA-00308: cannot open archived log '${path}'`,
      "ORA-27037: unable to obtain file status",
    ],
  });
}
