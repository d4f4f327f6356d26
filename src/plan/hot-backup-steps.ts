import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { HotBackupMode } from "../domain/fleet.ts";
import type { BackupLayout } from "../domain/plan.ts";
import type { BackupScope, Protection, ScopedFile, Step } from "../domain/step.ts";
import { below } from "./backup-layout.ts";
import { atOnce, copyFile, copyStep, directories, id, largestFirst, named } from "./step-parts.ts";
import type { CopiedFile } from "./hot-backup.ts";

export interface StepsInput {
  readonly facts: Facts;
  readonly mode: HotBackupMode;
  readonly width: number;
  readonly layout: BackupLayout;
  readonly treatments: readonly CopiedFile[];
}

/** All steps in their order: data first, then logs, then the control file (rules 44, 48), the manifest last. */
export function hotBackupSteps(input: StepsInput): readonly Step[] {
  return [
    ...directories(input.layout, ["data", "logs", "control", "parameters"]),
    ...datafileSteps(input),
    ...closingSteps(input),
  ];
}

function datafileSteps(input: StepsInput): readonly Step[] {
  return input.mode === "database" ? wholeDatabase(input) : byTablespace(input);
}

/** One BEGIN and one END around all copies. Which files are in backup mode is read back after BEGIN (rule 35). */
function wholeDatabase({ treatments, layout, width }: StepsInput): readonly Step[] {
  const begin = id("begin-backup:database");
  const scope: BackupScope = { level: "database" };
  const copies = largestFirst(treatments).map((one) => {
    const protection: Protection =
      one.how === "in-backup-mode" ? { by: "backup-mode", begin } : { by: "nobody-writes", why: one.why };
    return copyStep(one.file, layout, protection);
  });
  const files = treatments.map((one) => scoped(one.file, one.how === "in-backup-mode"));
  return [
    { kind: "begin-backup", id: begin, scope, files },
    ...atOnce("in-parallel:database", width, copies),
    { kind: "end-backup", id: id("end-backup:database"), begin, scope },
  ];
}

/** One tablespace in backup mode at a time (rule 39); what needs no backup mode comes first, the largest tablespace last. */
function byTablespace({ treatments, layout, width }: StepsInput): readonly Step[] {
  const quiet = treatments.flatMap((one) =>
    one.how === "as-it-is" ? [copyStep(one.file, layout, { by: "nobody-writes", why: one.why })] : [],
  );
  const groups = new Map<string, DatafileFacts[]>();
  for (const one of treatments) {
    if (one.how !== "in-backup-mode") continue;
    const key = `${one.file.container}:${one.file.tablespace}`;
    groups.set(key, [...(groups.get(key) ?? []), one.file]);
  }
  const ordered = [...groups].toSorted(([a, filesA], [b, filesB]) => {
    const difference = totalBytes(filesA) - totalBytes(filesB);
    return difference === 0 ? (a < b ? -1 : 1) : difference;
  });
  return [
    ...atOnce("in-parallel:unmarked", width, quiet),
    ...ordered.flatMap(([name, files]) => oneTablespace(name, files, layout, width)),
  ];
}

function oneTablespace(
  name: string,
  files: readonly DatafileFacts[],
  layout: BackupLayout,
  width: number,
): readonly Step[] {
  const [first] = files;
  if (first === undefined) return [];
  const begin = id(`begin-backup:${name}`);
  const { container, tablespace } = first;
  const scope: BackupScope = { level: "tablespace", container, tablespace };
  const copies = files
    .toSorted((a, b) => b.bytes - a.bytes || a.file - b.file)
    .map((file) => copyStep(file, layout, { by: "backup-mode", begin }));
  return [
    { kind: "begin-backup", id: begin, scope, files: files.map((file) => scoped(file, true)) },
    ...atOnce(`in-parallel:${name}`, width, copies),
    { kind: "end-backup", id: id(`end-backup:${name}`), begin, scope },
  ];
}

function closingSteps({ facts, layout, width }: StepsInput): readonly Step[] {
  const wait = id("wait-for-logs");
  const { spfile, passwordFile, identity } = facts;
  return [
    { kind: "switch-logs", id: id("switch-logs") },
    { kind: "wait-for-logs", id: wait },
    { kind: "copy-logs", id: id("copy-logs"), wait, directory: layout.logs, width },
    { kind: "backup-controlfile", id: id("backup-controlfile"), path: below(layout.control, "control.bkp") },
    { kind: "trace-controlfile", id: id("trace-controlfile"), path: below(layout.control, "control.sql") },
    {
      kind: "save-parameters",
      id: id("save-parameters"),
      path: below(layout.parameters, "init.ora"),
      from: spfile === undefined ? "memory" : "spfile",
    },
    ...copyFile("spfile", spfile, layout),
    ...copyFile("password-file", passwordFile, layout),
    { kind: "confirm-identity", id: id("confirm-identity"), expected: identity },
    { kind: "write-manifest", id: id("write-manifest"), path: layout.manifest },
  ];
}

function scoped(file: DatafileFacts, required: boolean): ScopedFile {
  return { ...named(file), required };
}

function totalBytes(files: readonly DatafileFacts[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
