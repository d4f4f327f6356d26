import type {
  ControlFile,
  DatafileRecord,
  LogGroupRecord,
  TempfileRecord,
} from "../instance/control-file.ts";

export type TraceVariant = "BOTH" | "RESETLOGS" | "NORESETLOGS";
const SEED_CONTAINER = 2;

/** The text that BACKUP CONTROLFILE TO TRACE AS 'file' writes: SQL*Plus statements that make the control file anew. */
export function controlfileTrace(
  model: ControlFile,
  options: { readonly variant: TraceVariant; readonly characterSet?: string },
): string {
  const characterSet = options.characterSet ?? "AL32UTF8";
  const sets: string[][] = [];
  if (options.variant !== "RESETLOGS") sets.push(withoutResetlogs(model, characterSet));
  if (options.variant !== "NORESETLOGS") sets.push(withResetlogs(model, characterSet));
  return `${[...preamble(model), ...sets.flat()].join("\n")}\n`;
}

function preamble(model: ControlFile): string[] {
  return [
    "-- Statements that create a new control file for this database.",
    `-- DB_NAME='${model.dbName}'  DBID=${model.dbid}  ${model.logMode}`,
    "-- Set #1 needs every online log, Set #2 opens with RESETLOGS.",
    "",
  ];
}

function withoutResetlogs(model: ControlFile, characterSet: string): string[] {
  return [
    "--     Set #1. NORESETLOGS case",
    "-- For use when all online logs are available.",
    "STARTUP NOMOUNT",
    ...createControlfile(model, { resetlogs: false, groups: model.logGroups, characterSet }),
    "-- Needed where a datafile is a restored backup, or the last shutdown was not normal.",
    "RECOVER DATABASE",
    ...(model.logMode === "ARCHIVELOG"
      ? ["-- All logs that are not archived yet.", "ALTER SYSTEM ARCHIVE LOG ALL;"]
      : []),
    "-- Now the database can be opened.",
    "ALTER DATABASE OPEN;",
    ...openPdbs(model),
    ...tempfiles(model),
    "--",
  ];
}

function withResetlogs(model: ControlFile, characterSet: string): string[] {
  const firstThread = Math.min(...model.threads.map((thread) => thread.thread));
  const groups = model.logGroups.filter((group) => group.thread === firstThread);
  return [
    "--     Set #2. RESETLOGS case",
    "-- For use when online logs are lost: changes in them are lost too.",
    "STARTUP NOMOUNT",
    ...createControlfile(model, { resetlogs: true, groups, characterSet }),
    "-- Needed where a datafile is a restored backup, or the last shutdown was not normal.",
    "RECOVER DATABASE USING BACKUP CONTROLFILE",
    ...otherThreads(model, firstThread),
    "-- Now the database can be opened, with the online logs cleared.",
    "ALTER DATABASE OPEN RESETLOGS;",
    ...openPdbs(model),
    ...tempfiles(model),
    "--",
  ];
}

function createControlfile(
  model: ControlFile,
  choice: { resetlogs: boolean; groups: readonly LogGroupRecord[]; characterSet: string },
): string[] {
  const words = [
    choice.resetlogs ? "RESETLOGS" : "NORESETLOGS",
    ...(model.forceLogging ? ["FORCE LOGGING"] : []),
    model.logMode,
  ];
  return [
    `CREATE CONTROLFILE REUSE DATABASE "${model.dbName}" ${words.join(" ")}`,
    "    MAXLOGFILES 16",
    "    MAXLOGMEMBERS 3",
    `    MAXDATAFILES ${model.maxDatafiles}`,
    "    MAXINSTANCES 8",
    "    MAXLOGHISTORY 292",
    "LOGFILE",
    choice.groups.map((group) => `  ${logGroup(group)}`).join(",\n"),
    "-- STANDBY LOGFILE",
    "DATAFILE",
    filesInOrder(model)
      .map((file) => `  ${quoted(file.path)}`)
      .join(",\n"),
    `CHARACTER SET ${choice.characterSet}`,
    ";",
  ];
}

function filesInOrder(model: ControlFile): DatafileRecord[] {
  return model.datafiles.toSorted((a, b) => a.file - b.file);
}

function logGroup(group: LogGroupRecord): string {
  const only = group.members.length === 1 ? group.members[0] : undefined;
  const members =
    only === undefined ? `(\n    ${group.members.map(quoted).join(",\n    ")}\n  )` : quoted(only);
  return `GROUP ${group.group} ${members}  SIZE ${sizeOf(group.bytes)} BLOCKSIZE ${group.blockSize}`;
}

function otherThreads(model: ControlFile, firstThread: number): string[] {
  return model.threads
    .filter((thread) => thread.thread !== firstThread && thread.enabled !== "DISABLED")
    .flatMap(({ thread }) => {
      const groups = model.logGroups
        .filter((group) => group.thread === thread)
        .map((group) => `  ${logGroup(group)} REUSE`);
      return [
        `-- Online logs of thread ${thread}.`,
        `ALTER DATABASE ADD LOGFILE THREAD ${thread}\n${groups.join(",\n")};`,
        `ALTER DATABASE ENABLE PUBLIC THREAD ${thread};`,
      ];
    });
}

function openPdbs(model: ControlFile): string[] {
  return model.cdb ? ["-- Open all the PDBs.", "ALTER PLUGGABLE DATABASE ALL OPEN;"] : [];
}

/** Temp files are in no control file that CREATE CONTROLFILE makes: they are added again, each in its own container. */
function tempfiles(model: ControlFile): string[] {
  const lines = ["-- Temp files are added again; REUSE takes those that are still there."];
  const home = model.containers.find((container) => container.conId === 1)?.name;
  let current = home;
  for (const file of model.tempfiles.toSorted((a, b) => a.conId - b.conId || a.file - b.file)) {
    const container = model.containers.find((record) => record.conId === file.conId)?.name;
    if (model.cdb && container !== current && container !== undefined) {
      lines.push(`ALTER SESSION SET CONTAINER = ${identifier(container, file.conId)};`);
      current = container;
    }
    lines.push(addTempfile(model, file));
  }
  if (home !== undefined && current !== home) lines.push(`ALTER SESSION SET CONTAINER = ${home};`);
  return lines;
}

function addTempfile(model: ControlFile, file: TempfileRecord): string {
  const tablespace = model.tablespaces.find((record) => record.conId === file.conId && record.ts === file.ts);
  const autoextend =
    file.autoextend === null
      ? "AUTOEXTEND OFF"
      : `AUTOEXTEND ON NEXT ${file.autoextend.nextBlocks * file.blockSize}  MAXSIZE ${sizeOf(file.autoextend.maxBlocks * file.blockSize)}`;
  const size = `SIZE ${sizeOf(file.blocks * file.blockSize)}  REUSE ${autoextend};`;
  return `ALTER TABLESPACE ${identifier(tablespace?.name ?? "TEMP", 0)} ADD TEMPFILE ${quoted(file.path)}\n     ${size}`;
}

function sizeOf(bytes: number): string {
  if (bytes % 1_048_576 === 0) return `${bytes / 1_048_576}M`;
  return bytes % 1024 === 0 ? `${bytes / 1024}K` : String(bytes);
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

/** PDB$SEED goes bare, as Oracle writes it; a name that is no plain identifier is quoted. */
function identifier(name: string, conId: number): string {
  return conId === SEED_CONTAINER || /^[A-Z][A-Z0-9_$#]*$/u.test(name) ? name : `"${name}"`;
}
