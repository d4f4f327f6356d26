import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { headerStatus } from "../files/datafile-header.ts";
import { fromOracleTime, toOracleTime } from "../files/oracle-time.ts";
import { OraError } from "../engine/ora-error.ts";
import { requireConsistent } from "./consistency.ts";
import { readHeader, writeHeader } from "./data-files.ts";
import type { SimulatedDatabase } from "./database.ts";
import { enterReadWrite } from "./open-database.ts";
import { requiredFiles } from "./open-checks.ts";
import { formatLog } from "./redo-files.ts";

/** ALTER DATABASE OPEN RESETLOGS: a new incarnation begins behind what was recovered; old online logs are cleared. */
export async function openResetlogs(
  database: SimulatedDatabase,
  thread: number,
  instance: string,
): Promise<void> {
  const { control } = database;
  if (!control.resetlogsRequired) {
    throw new OraError(1139, "RESETLOGS option only valid after an incomplete database recovery");
  }
  requireConsistent(database);
  const prior = { scn: control.resetlogsScn, at: control.resetlogsAt };
  const scn =
    requiredFiles(database).reduce(
      (highest, file) => (file.checkpointScn > highest ? file.checkpointScn : highest),
      control.checkpointScn,
    ) + 1n;
  database.raiseScn(scn);
  const at = fromOracleTime(toOracleTime(database.hooks.now()));
  clearLogs(database, scn, at);
  control.resetlogsScn = scn;
  control.resetlogsAt = at;
  addIncarnation(database, prior);
  for (const file of control.datafiles) {
    const header = readHeader(file.path, file.blockSize);
    if (header === undefined) continue;
    const status = header.status & ~(headerStatus.MFZ | headerStatus.AFZ | headerStatus.OFZ);
    writeHeader(file.path, {
      ...header,
      status,
      resetlogsScn: scn,
      resetlogsAt: at,
      priorResetlogsScn: prior.scn,
      priorResetlogsAt: prior.at,
      controlSequence: control.sequence,
      recoveryFuzzyScn: 0n,
    });
    if (file.lastScn === null && file.enabled === "READ WRITE") file.lastScn = header.checkpoint.scn;
  }
  control.checkpointScn = scn;
  control.type = "CURRENT";
  control.resetlogsRequired = false;
  database.writeControl();
  database.alert.note(
    `RESETLOGS after incomplete recovery UNTIL CHANGE ${scn - 1n} time ${at.toISOString()}`,
  );
  await enterReadWrite(database, thread, instance);
}

function addIncarnation(database: SimulatedDatabase, prior: { scn: bigint; at: Date }): void {
  const { control } = database;
  const parent = control.incarnations.find((incarnation) => incarnation.status === "CURRENT");
  if (parent !== undefined) parent.status = "PARENT";
  control.incarnations.push({
    number: control.incarnations.length + 1,
    resetlogsScn: control.resetlogsScn,
    resetlogsAt: control.resetlogsAt,
    priorResetlogsScn: prior.scn,
    priorResetlogsAt: prior.at,
    status: "CURRENT",
    priorNumber: parent?.number ?? 0,
  });
}

/** Every group empty; the first of each thread is current with sequence 1. */
function clearLogs(database: SimulatedDatabase, scn: bigint, at: Date): void {
  const { control } = database;
  for (const thread of control.threads) {
    thread.status = "CLOSED";
    thread.sequence = 1;
    thread.checkpointScn = scn;
    const groups = control.logGroups
      .filter((group) => group.thread === thread.thread)
      .toSorted((a, b) => a.group - b.group);
    for (const [index, group] of groups.entries()) {
      for (const member of group.members) {
        mkdirSync(dirname(member), { recursive: true });
        formatLog(member, group.blockSize, group.bytes / group.blockSize);
      }
      group.sequence = index === 0 ? 1 : 0;
      group.status = index === 0 ? "CURRENT" : "UNUSED";
      group.archived = index !== 0;
      group.firstScn = index === 0 ? scn : 0n;
      group.firstAt = index === 0 ? at : null;
      group.nextScn = null;
    }
  }
}
