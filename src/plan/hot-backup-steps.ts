import type { Facts } from "../domain/facts.ts";
import type { HotBackupMode } from "../domain/fleet.ts";
import type { BackupLayout } from "../domain/plan.ts";
import type { BackupScope, Protection, Step } from "../domain/step.ts";
import { below } from "./backup-layout.ts";
import { byTablespace, scoped } from "./by-tablespace.ts";
import { atOnce, copyFile, copyStep, directories, id, largestFirst } from "./step-parts.ts";
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
  if (input.mode === "database") return wholeDatabase(input);
  const { treatments, width, layout } = input;
  return byTablespace(treatments, width, (file, protection) => copyStep(file, layout, protection));
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

/** Beginning with the switch of the logs. */
export function closingSteps({
  facts,
  layout,
  width,
}: Pick<StepsInput, "facts" | "layout" | "width">): readonly Step[] {
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
