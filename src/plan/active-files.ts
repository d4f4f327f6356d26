import type { DatafileFacts } from "../domain/facts.ts";

/** More would not tell more. */
const MOST_NAMED = 5;

/** `4 (PDB1:USERS, since …), … and 3 more`: files in backup mode, for people; undefined where there is none. */
export function activeFilesText(datafiles: readonly DatafileFacts[]): string | undefined {
  const active = datafiles.filter((file) => file.backup.active);
  if (active.length === 0) return undefined;
  const named = active
    .slice(0, MOST_NAMED)
    .map((file) => `${file.file} (${file.container}:${file.tablespace}, since ${file.backup.at ?? "?"})`);
  const more = active.length > named.length ? ` and ${active.length - named.length} more` : "";
  return `${named.join(", ")}${more}`;
}
