import type { DatafileFacts } from "../domain/facts.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import type { ClosedFile } from "../domain/step.ts";
import type { ColdResults } from "./cold-results.ts";

/** In which the mounted database's word differs from the headers that were proved and copied (rules 18, 19). */
export function mountProblems(
  expected: readonly ClosedFile[],
  files: readonly DatafileFacts[],
  { proved }: ColdResults,
  standby: boolean,
): readonly string[] {
  const found = new Map(files.map((file) => [`${file.file}/${formatScn(file.creationScn)}`, file]));
  const known = new Set(expected.map(({ file, creationScn }) => `${file}/${formatScn(creationScn)}`));
  return [
    ...[...found]
      .filter(([key]) => !known.has(key))
      .map(([, file]) => `datafile ${file.file} (${file.path}) came while the database was shut down`),
    ...expected.flatMap((one) => {
      const now = found.get(`${one.file}/${formatScn(one.creationScn)}`);
      if (now === undefined) return [`datafile ${one.file} (${one.path}) is gone`];
      const header = proved.get(one.file)?.header;
      return header === undefined ? [] : fileProblems(one, now, header.checkpoint.scn, standby);
    }),
  ];
}

function fileProblems(one: ClosedFile, now: DatafileFacts, copied: Scn, standby: boolean): readonly string[] {
  const named = (problem: string) => `datafile ${one.file} (${one.path}): ${problem}`;
  const moved = now.path === one.path ? [] : [named(`it is at ${now.path} now`)];
  if (one.state === "offline-needs-recovery") return moved;
  const { header } = now;
  if (header?.error !== undefined && one.state === "at-rest") return moved;
  if (header === undefined || header.error !== undefined) {
    return [...moved, named(`its header cannot be read: ${header?.error ?? "no row"}`)];
  }
  const differs = (what: string, scn: Scn | undefined) =>
    scn === copied
      ? []
      : [named(`${what} is ${scn === undefined ? "not set" : formatScn(scn)}, not ${formatScn(copied)}`)];
  return [
    ...moved,
    ...(header.fuzzy ? [named("v$datafile_header.fuzzy is YES")] : []),
    ...differs("v$datafile_header.checkpoint_change#", header.checkpointScn),
    ...(one.state === "checkpointed" ? differs("v$datafile.checkpoint_change#", now.checkpointScn) : []),
    // The control file of a standby knows no stop of a file: its redo goes on.
    ...(one.state === "checkpointed" && !standby ? differs("v$datafile.last_change#", now.lastScn) : []),
  ];
}
