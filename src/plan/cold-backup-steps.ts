import type { ColdLook } from "../domain/cold-look.ts";
import type { Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { BackupLayout, ColdMode } from "../domain/plan.ts";
import type {
  ClosedFile,
  CopyDatafile,
  CopyRedo,
  PreCopyDatafile,
  Step,
  VerifyCopy,
} from "../domain/step.ts";
import { below, copyName } from "./backup-layout.ts";
import type { PlannedTreatment } from "./closed-treatment.ts";
import { atOnce, copyFile, copyStep, directories, id, largestFirst, named } from "./step-parts.ts";
import { restCheckpoint } from "./rest-checkpoint.ts";

type Copied = Extract<PlannedTreatment, { readonly how: "copied" }>;

export interface ColdStepsInput {
  readonly facts: Facts;
  readonly look: ColdLook;
  readonly config: DatabaseConfig;
  readonly mode: ColdMode;
  readonly width: number;
  readonly layout: BackupLayout;
  readonly treatments: readonly PlannedTreatment[];
}

/**
 * As little as possible happens while the database is down: one SHUTDOWN, the proof, the copies that must be made then,
 * one STARTUP. Everything that an open database can give is taken before, and in mode snapshot the copies come after.
 */
export function coldBackupSteps(input: ColdStepsInput): readonly Step[] {
  return [...whileOpen(input), ...whileDown(input), ...backUp(input)];
}

function whileOpen(input: ColdStepsInput): readonly Step[] {
  const { facts, layout, mode } = input;
  const folders = ["data", "control", "parameters"] as const;
  return [
    ...directories(layout, isWithoutArchive(input) ? [...folders, "redo"] : folders),
    {
      kind: "save-parameters",
      id: id("save-parameters"),
      path: below(layout.parameters, "init.ora"),
      from: facts.spfile === undefined ? "memory" : "spfile",
    },
    ...copyFile("spfile", facts.spfile, layout),
    ...copyFile("password-file", facts.passwordFile, layout),
    { kind: "trace-controlfile", id: id("trace-controlfile"), path: below(layout.control, "control.sql") },
    ...(mode === "pre-copy" ? preCopies(input) : []),
    // What was archived up to the shutdown carries a restore on; a mounted or read-only database writes no redo.
    ...(isWithoutArchive(input) || facts.identity.openMode !== "READ WRITE"
      ? []
      : [{ kind: "switch-logs" as const, id: id("switch-logs") }]),
  ];
}

function preCopies({ layout, width, treatments }: ColdStepsInput): readonly Step[] {
  const copies = copiedFiles(treatments).map(({ file }): PreCopyDatafile => ({
    kind: "pre-copy-datafile",
    id: id(`pre-copy-datafile:${file.file}`),
    ...named(file),
    target: below(layout.data, copyName(file)),
    relativeFile: file.relativeFile,
    bigfile: file.bigfile,
    blockSize: file.blockSize,
    blocks: file.blocks,
  }));
  return atOnce("in-parallel:pre-copy", width, copies);
}

function whileDown(input: ColdStepsInput): readonly Step[] {
  const { facts, config, mode, layout, treatments } = input;
  return [
    {
      kind: "shut-down",
      id: id("shut-down"),
      mode: config.cold.shutdown,
      abortWhenStuck: config.cold.abortWhenStuck,
    },
    {
      kind: "prove-closed",
      id: id("prove-closed"),
      files: treatments.map(closedFile),
      controlfiles: facts.controlfiles,
    },
    ...(mode === "snapshot" ? [picture(input)] : closedCopies(input)),
    {
      kind: "copy-controlfile",
      id: id("copy-controlfile"),
      members: facts.controlfiles,
      target: below(layout.control, "control.ctl"),
    },
    ...(mode === "snapshot" ? [] : onlineRedo(input)),
    { kind: "confirm-closed", id: id("confirm-closed") },
    { kind: "start-up", id: id("start-up") },
  ];
}

function backUp(input: ColdStepsInput): readonly Step[] {
  const { facts, mode, layout } = input;
  return [
    ...(mode === "snapshot" ? fromPicture(input) : []),
    ...(mode === "pre-copy" ? readAgain(input) : []),
    { kind: "confirm-identity", id: id("confirm-identity"), expected: facts.identity },
    { kind: "write-manifest", id: id("write-manifest"), path: layout.manifest },
  ];
}

/** What was brought up to date in place is read again when the database is open: then its time does not matter. */
function readAgain({ layout, width, treatments }: ColdStepsInput): readonly Step[] {
  const steps = copiedFiles(treatments).map(({ file }): VerifyCopy => ({
    kind: "verify-copy",
    id: id(`verify-copy:${file.file}`),
    ...named(file),
    target: below(layout.data, copyName(file)),
    relativeFile: file.relativeFile,
    bigfile: file.bigfile,
    blockSize: file.blockSize,
  }));
  return atOnce("in-parallel:verify", width, steps);
}

function picture(input: ColdStepsInput): Step {
  const redo = onlineRedo(input).map((step) => step.source);
  const files = copiedFiles(input.treatments).map(({ file }) => file.path);
  return { kind: "take-picture", id: id("take-picture"), files: [...files, ...redo] };
}

function fromPicture(input: ColdStepsInput): readonly Step[] {
  return [...closedCopies(input), ...onlineRedo(input), { kind: "remove-picture", id: id("remove-picture") }];
}

function closedCopies({ layout, mode, width, treatments }: ColdStepsInput): readonly Step[] {
  const steps = copiedFiles(treatments).map(({ file, state }): CopyDatafile => ({
    ...copyStep(file, layout, { by: "closed", state }),
    ...(mode === "pre-copy" ? { refresh: true as const } : {}),
  }));
  return atOnce("in-parallel:closed", width, steps);
}

function closedFile(one: PlannedTreatment): ClosedFile {
  const { file } = one;
  const state = one.how === "kept" ? "at-rest" : one.state;
  return { ...named(file), state, checkpointScn: restCheckpoint(file) };
}

/** The first member of each group, under a name that cannot be taken for the original (rule 9). */
function onlineRedo(input: ColdStepsInput): readonly CopyRedo[] {
  if (!isWithoutArchive(input)) return [];
  return input.facts.onlineLogs.flatMap(({ thread, group, members: [source] }): readonly CopyRedo[] => {
    if (source === undefined) return [];
    const target = below(input.layout.redo, `thread_${thread}_group_${group}.redo`);
    return [{ kind: "copy-redo", id: id(`copy-redo:${group}`), thread, group, source, target }];
  });
}

function isWithoutArchive({ facts }: ColdStepsInput): boolean {
  return facts.identity.logMode === "NOARCHIVELOG";
}

function copiedFiles(treatments: readonly PlannedTreatment[]): readonly Copied[] {
  return largestFirst(treatments.filter((one) => one.how === "copied"));
}
