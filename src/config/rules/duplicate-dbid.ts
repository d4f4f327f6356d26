import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** Two entries with one DBID are one database twice, or a clone that was never given its own. */
export function duplicateDbid(draft: Draft): readonly Finding[] {
  const first = new Map<string, string>();
  return draft.databases.flatMap(({ name, dbid, place }) => {
    const other = first.get(dbid ?? "");
    if (dbid === undefined) return [];
    first.set(dbid, other ?? name);
    if (other === undefined) return [];
    return [{ at: place(["dbid"]), text: `databases.${name}.dbid is that of databases.${other} too` }];
  });
}
