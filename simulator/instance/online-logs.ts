import { existsSync } from "node:fs";
import { OraError } from "../engine/ora-error.ts";
import type { LogGroupRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";
import { identifyLog } from "./redo-files.ts";

/**
 * What a plain OPEN wants of the online logs: one member of each group at least (ORA-00313), and in the current one the
 * sequence that the control file knows (ORA-00314). Closed copies of a database have none of them.
 */
export function requireOnlineLogs(database: SimulatedDatabase): void {
  const { control } = database;
  const enabled = new Set(
    control.threads.filter((thread) => thread.enabled !== "DISABLED").map((thread) => thread.thread),
  );
  for (const group of control.logGroups.filter(({ thread }) => enabled.has(thread))) {
    if (!group.members.some((member) => existsSync(member))) throw missing(group);
    if (group.status === "CURRENT") requireSequence(database, group);
  }
}

/** A log that was never written has no header yet. */
function requireSequence(database: SimulatedDatabase, group: LogGroupRecord): void {
  const headers = group.members.flatMap((member) => identifyLog(member)?.header ?? []);
  const fits = headers.some(
    ({ sequence, dbid }) => sequence === group.sequence && dbid === database.control.dbid,
  );
  const [other] = headers;
  if (fits || other === undefined) return;
  throw new OraError(
    314,
    `log ${group.group} of thread ${group.thread}, expected sequence# ${group.sequence} doesn't match ${other.sequence}`,
    { below: [memberLine(group)] },
  );
}

function missing(group: LogGroupRecord): OraError {
  return new OraError(313, `open failed for members of log group ${group.group} of thread ${group.thread}`, {
    below: [
      memberLine(group),
      "ORA-27037: unable to obtain file status",
      "Linux-x86_64 Error: 2: No such file or directory",
      "Additional information: 7",
    ],
  });
}

function memberLine({ group, thread, members }: LogGroupRecord): string {
  return `ORA-00312: online log ${group} thread ${thread}: '${members[0] ?? ""}'`;
}
