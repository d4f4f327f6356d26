import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { StepId } from "../domain/names.ts";
import type { BackupLayout, PlannedSnapshot, SnapshotBackupMode } from "../domain/plan.ts";
import type { PrimaryLook } from "../domain/primary-look.ts";
import type { SnapshottedFile, SnapshotVolumes } from "../domain/snapshot-step.ts";
import type { BackupScope, Protection, Step } from "../domain/step.ts";
import { copyName } from "./backup-layout.ts";
import { scoped } from "./by-tablespace.ts";
import type { CopiedFile } from "./hot-backup.ts";
import { closingSteps } from "./hot-backup-steps.ts";
import { directories, id, named } from "./step-parts.ts";

export interface SnapshotStepsInput {
  readonly facts: Facts;
  readonly look: PrimaryLook;
  readonly mode: SnapshotBackupMode;
  readonly suspend: boolean;
  readonly verify: boolean;
  readonly width: number;
  readonly layout: BackupLayout;
  readonly snapshots: readonly PlannedSnapshot[];
  readonly treatments: readonly CopiedFile[];
}

const BEGIN = id("begin-backup:database");

/** Log switch, BEGIN, snapshots, END, log switch, control file, logs (rule 64); the manifest last. */
export function snapshotBackupSteps(input: SnapshotStepsInput): readonly Step[] {
  const { layout, verify, width } = input;
  const [switchLogs, ...closing] = closingSteps(input);
  const check: Step = { kind: "check-snapshots", id: id("check-snapshots"), files: files(input) };
  const read: readonly Step[] = verify ? [{ kind: "read-snapshots", id: id("read-snapshots"), width }] : [];
  // Identity and manifest come after everything that takes time.
  const last = closing.findIndex((step) => step.kind === "confirm-identity");
  return [
    ...directories(layout, ["logs", "control", "parameters"]),
    { kind: "switch-logs", id: id("switch-logs:before") },
    ...takingSteps(input),
    ...(switchLogs === undefined ? [] : [switchLogs]),
    check,
    ...closing.slice(0, last),
    ...read,
    ...closing.slice(last),
  ];
}

function takingSteps({ look, mode, suspend, snapshots, treatments }: SnapshotStepsInput): readonly Step[] {
  if (mode === "snapshot-time") return volumeSteps(look, snapshots, undefined);
  const scope: BackupScope = { level: "database" };
  const taking = volumeSteps(look, snapshots, BEGIN);
  const inBackupMode = treatments.map((one) => scoped(one.file, one.how === "in-backup-mode"));
  return [
    { kind: "begin-backup", id: BEGIN, scope, files: inBackupMode },
    ...(suspend ? [{ kind: "suspend-io" as const, id: id("suspend-io"), begin: BEGIN }] : []),
    ...taking,
    ...(suspend ? [{ kind: "resume-io" as const, id: id("resume-io") }] : []),
    { kind: "end-backup", id: id("end-backup:database"), begin: BEGIN, scope },
  ];
}

/** Volumes of one set together, sets in the order in which they were found. */
function volumeSteps(
  look: PrimaryLook,
  snapshots: readonly PlannedSnapshot[],
  begin: StepId | undefined,
): readonly SnapshotVolumes[] {
  const sets = Map.groupBy(look.volumes, ({ storage, set }) => `${storage}:${set}`);
  return [...sets.values()].flatMap((volumes, index): SnapshotVolumes[] => {
    const [first] = volumes;
    const name = nameOn(snapshots, first?.storage);
    if (first === undefined || name === undefined) return [];
    return [
      {
        kind: "snapshot-volumes",
        id: id(`snapshot-volumes:${index + 1}`),
        storage: first.storage,
        name,
        atOnce: volumes.length > 1,
        volumes: volumes.map(({ storage, volume }) => ({
          volume,
          paths: [...look.files.values()]
            .filter((file) => file.storage === storage && file.volume === volume)
            .map(({ path }) => path),
        })),
        ...(begin === undefined ? {} : { begin }),
      },
    ];
  });
}

function files({ look, mode, snapshots, treatments }: SnapshotStepsInput): readonly SnapshottedFile[] {
  return treatments.flatMap((treatment): SnapshottedFile[] => {
    const { file } = treatment;
    const located = look.files.get(file.file);
    const name = nameOn(snapshots, located?.storage);
    if (located === undefined || name === undefined) return [];
    const { storage, volume, inside } = located;
    const protection = protectionOf(treatment, mode);
    return [{ ...partsOf(file), storage, volume, snapshot: name, inside, protection }];
  });
}

function nameOn(snapshots: readonly PlannedSnapshot[], storage: string | undefined) {
  return snapshots.find((one) => one.storage === storage)?.name;
}

function partsOf(file: DatafileFacts) {
  const { relativeFile, bigfile, blockSize, checkpointScn } = file;
  return {
    ...named(file),
    name: `data/${copyName(file)}`,
    relativeFile,
    bigfile,
    blockSize,
    checkpointScn,
  };
}

function protectionOf(treatment: CopiedFile, mode: SnapshotBackupMode): Protection {
  if (treatment.how === "as-it-is") return { by: "nobody-writes", why: treatment.why };
  return mode === "snapshot-time" ? { by: "snapshot-time" } : { by: "backup-mode", begin: BEGIN };
}
