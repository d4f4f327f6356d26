import { archiveDestinationViews } from "../views/archive-destinations.ts";
import { backupViews } from "../views/backups.ts";
import { databaseViews } from "../views/database.ts";
import { dictionaryViews } from "../views/dictionary.ts";
import { fileViews } from "../views/files.ts";
import { allInstances, instanceViews } from "../views/instance.ts";
import { parameterViews } from "../views/parameters.ts";
import { redoViews } from "../views/redo.ts";
import { rmanViews } from "../views/rman.ts";
import { serviceViews } from "../views/services.ts";
import { standbyViews } from "../views/standby.ts";
import { sessionViews } from "../views/sessions.ts";
import { columns, type View, type ViewRow, type ViewWorld } from "./view.ts";

const listed: readonly View[] = [
  ...databaseViews,
  ...fileViews,
  ...redoViews,
  ...archiveDestinationViews,
  ...instanceViews,
  ...parameterViews,
  ...sessionViews,
  ...serviceViews,
  ...standbyViews,
  ...dictionaryViews,
  ...rmanViews,
  ...backupViews,
];
const byName = new Map(listed.map((view) => [view.name, view]));

/** A view by its public name, or as `SYS.V_$DATABASE`. GV$ views are V$ with INST_ID before them. */
export function findView(name: string): View | undefined {
  const spelled = name.replace(/^(G?V)_\$/, "$1$");
  const found = byName.get(spelled);
  if (found !== undefined || !spelled.startsWith("GV$")) return found;
  const local = byName.get(spelled.slice(1));
  return (
    local && {
      ...local,
      name: spelled,
      columns: [...columns("INST_ID n"), ...local.columns],
      rows: (world) => withInstance(world, local),
    }
  );
}

function* withInstance(world: ViewWorld, view: View): Iterable<ViewRow> {
  const [own] = allInstances.rows(world);
  for (const row of view.rows(world)) yield { INST_ID: own?.["INST_ID"] ?? 1, ...row };
}
