import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** One backup area belongs to one database, and none lies inside another: snapshots and retention work on whole areas. */
export function overlappingAreas(draft: Draft): readonly Finding[] {
  return draft.databases.flatMap(({ name, backupArea, place }, index) =>
    draft.databases.slice(0, index).flatMap((other) => {
      const how = overlap(backupArea, other.backupArea);
      if (how === undefined) return [];
      return [
        {
          at: place(["backup-area"]),
          text: `databases.${name}.backup-area ${how} that of databases.${other.name}: ${backupArea}`,
        },
      ];
    }),
  );
}

function overlap(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a === b) return "is also";
  if (a.startsWith(`${b}/`)) return "lies inside";
  return b.startsWith(`${a}/`) ? "lies around" : undefined;
}
