import { readContainers } from "../discover/containers.ts";
import { readDatafiles } from "../discover/datafiles.ts";
import type { DatafileFacts, DatabaseIdentity } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { formatScn } from "../domain/scn.ts";
import type { Plan } from "../domain/plan.ts";
import type { StepContext } from "./step-context.ts";

/** The datafiles as they are now, seen from the session's container. Containers are read again: one may be new. */
export async function currentDatafiles(
  db: Database,
  identity: DatabaseIdentity,
  options: CallOptions,
): Promise<readonly DatafileFacts[]> {
  return readDatafiles(db, await readContainers(db, identity, options), options);
}

/** Notes files that were created too late to be copied (rule 55). Only a run on the whole database misses them. */
export async function noteLaterFiles(db: Database, { plan, results, statement }: StepContext): Promise<void> {
  if (plan.kind === "cold-backup" || (plan.kind === "hot-backup" && plan.onlyTablespaces !== undefined))
    return;
  const now = await currentDatafiles(db, plan.facts.identity, statement);
  const known = new Set([...plannedFiles(plan), ...results.absent.map(keyOf)]);
  for (const { file, creationScn, path } of now) {
    const created = formatScn(creationScn);
    if (known.has(keyOf({ file, creationScn: created }))) continue;
    results.absent.push({ file, creationScn: created, source: path, why: "created-later" });
    results.notes.push(
      `datafile ${file} (${path}) was created at SCN ${created}, too late to be copied (rule 55)`,
    );
  }
}

function plannedFiles({ facts }: Plan): readonly string[] {
  return facts.datafiles.map(({ file, creationScn }) => keyOf({ file, creationScn: formatScn(creationScn) }));
}

function keyOf({ file, creationScn }: { readonly file: number; readonly creationScn: string }): string {
  return `${file}/${creationScn}`;
}
