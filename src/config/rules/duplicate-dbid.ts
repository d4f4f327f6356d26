import type { Draft, DraftDatabase } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** Two entries with one DBID are one database twice, or a clone that was never given its own; or primary and standby. */
export function duplicateDbid({ databases }: Draft): readonly Finding[] {
  return databases.flatMap(({ name, dbid, place }, index) => {
    if (dbid === undefined) return [];
    const same = databases.slice(0, index).filter((one) => one.dbid === dbid);
    const other = same.find((one) => !areStandbys(databases, name, one.name));
    if (other === undefined) return [];
    return [{ at: place(["dbid"]), text: `databases.${name}.dbid is that of databases.${other.name} too` }];
  });
}

/** One is a standby of the other, or both are of a third. */
function areStandbys(databases: readonly DraftDatabase[], a: string, b: string): boolean {
  return databases.some(({ name, standbys }) => {
    const family = [name, ...standbys];
    return family.includes(a) && family.includes(b);
  });
}
