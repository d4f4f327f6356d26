import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { StepId } from "../domain/names.ts";
import type { BackupLayout } from "../domain/plan.ts";
import type { InParallel, CopyDatafile, PlannedFile, Protection, Step } from "../domain/step.ts";
import { below, copyName } from "./backup-layout.ts";

/** The run's own directory with its marker, and the folders in it. */
export function directories(
  layout: BackupLayout,
  folders: readonly ("data" | "logs" | "control" | "parameters" | "redo")[],
): readonly Step[] {
  const { directory, marker } = layout;
  return [
    { kind: "make-directory", id: id("make-directory:run"), path: directory, marker },
    ...folders.map((name) => ({
      kind: "make-directory" as const,
      id: id(`make-directory:${name}`),
      path: layout[name],
    })),
  ];
}

export function copyFile(
  what: "spfile" | "password-file",
  source: Facts["spfile"],
  layout: BackupLayout,
): readonly Step[] {
  if (source === undefined || source.startsWith("+")) return [];
  const target = below(layout.parameters, what === "spfile" ? "spfile.ora" : "orapw");
  return [{ kind: "copy-file", id: id(`copy-file:${what}`), what, source, target }];
}

export function copyStep(file: DatafileFacts, layout: BackupLayout, protection: Protection): CopyDatafile {
  const { relativeFile, bigfile, blockSize, blocks, checkpointScn } = file;
  return {
    kind: "copy-datafile",
    id: id(`copy-datafile:${file.file}`),
    ...named(file),
    target: below(layout.data, copyName(file)),
    relativeFile,
    bigfile,
    blockSize,
    blocks,
    checkpointScn,
    protection,
  };
}

export function named({ file, creationScn, container, tablespace, path }: DatafileFacts): PlannedFile {
  return { file, creationScn, container, tablespace, path };
}

/** The longest copy starts first, so that all end at about the same time. */
export function largestFirst<T extends { readonly file: DatafileFacts }>(
  treatments: readonly T[],
): readonly T[] {
  return treatments.toSorted((a, b) => b.file.bytes - a.file.bytes || a.file.file - b.file.file);
}

export function atOnce(name: string, width: number, copies: InParallel["steps"]): readonly Step[] {
  if (width === 1 || copies.length < 2) return copies;
  return [{ kind: "in-parallel", id: id(name), width, steps: copies }];
}

export function id(text: string): StepId {
  return text as StepId;
}
