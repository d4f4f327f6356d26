import type { DatafileFacts } from "../domain/facts.ts";
import type { BackupScope, InParallel, Protection, ScopedFile, Step } from "../domain/step.ts";
import { atOnce, id, named } from "./step-parts.ts";
import type { CopiedFile } from "./hot-backup.ts";

/** Makes the step that copies a file, or brings its copy forward. */
export type TransferOf = (file: DatafileFacts, protection: Protection) => InParallel["steps"][number];

/** One tablespace in backup mode at a time (rule 39); what needs no backup mode comes first, the largest tablespace last. */
export function byTablespace(
  treatments: readonly CopiedFile[],
  width: number,
  transfer: TransferOf,
): readonly Step[] {
  const quiet = treatments.flatMap((one) =>
    one.how === "as-it-is" ? [transfer(one.file, { by: "nobody-writes", why: one.why })] : [],
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
    ...ordered.flatMap(([name, files]) => oneTablespace(name, files, width, transfer)),
  ];
}

function oneTablespace(
  name: string,
  files: readonly DatafileFacts[],
  width: number,
  transfer: TransferOf,
): readonly Step[] {
  const [first] = files;
  if (first === undefined) return [];
  const begin = id(`begin-backup:${name}`);
  const { container, tablespace } = first;
  const scope: BackupScope = { level: "tablespace", container, tablespace };
  const copies = files
    .toSorted((a, b) => b.bytes - a.bytes || a.file - b.file)
    .map((file) => transfer(file, { by: "backup-mode", begin }));
  return [
    { kind: "begin-backup", id: begin, scope, files: files.map((file) => scoped(file, true)) },
    ...atOnce(`in-parallel:${name}`, width, copies),
    { kind: "end-backup", id: id(`end-backup:${name}`), begin, scope },
  ];
}

export function scoped(file: DatafileFacts, required: boolean): ScopedFile {
  return { ...named(file), required };
}

function totalBytes(files: readonly DatafileFacts[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
