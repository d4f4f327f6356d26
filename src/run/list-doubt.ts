import { counted } from "../domain/human.ts";
import type { RefreshedDatafile } from "../domain/manifest.ts";
import type { RefreshDatafile } from "../domain/step.ts";
import type { ListDoubt } from "../ports/copier.ts";
import { volumeKey } from "./source-moments.ts";
import type { StepContext } from "./step-context.ts";

/**
 * The storage's list was not borne out. The copy is good, it was compared; what is in older snapshots of the area may not
 * be. Where the list lacked changes, no list of that volume begins at this run.
 */
export function tellDoubt(
  { file, moment }: RefreshDatafile,
  doubt: ListDoubt,
  before: RefreshedDatafile | undefined,
  { world, plan, results }: StepContext,
): void {
  const seen = `datafile ${file}: ${doubtText(doubt)}; its copy was compared whole and is good now`;
  results.notes.push(seen);
  const lacks = doubt.why === "unlisted";
  const since = before?.comparedAt ?? "they were made";
  const todo = lacks
    ? `do not rely on copies of it in snapshots of the area since ${since}; set refresh.find to hashes`
    : "nothing, if it stays rare; else set refresh.find to hashes";
  const warning = { seen, todo };
  world.reporter.event({ kind: "warning", at: world.clock.now(), run: plan.run, warning });
  if (lacks && moment !== undefined) results.area.distrusted.add(volumeKey(moment));
}

function doubtText({ why, block, count }: ListDoubt): string {
  switch (why) {
    case "unlisted":
      return `${counted(count, "block")} differed that its storage had not listed`;
    case "older":
      return `${counted(count, "listed block")} differed and had not changed since the last refresh, the first is ${block}`;
    case "nothing-new":
      return `its storage listed ${counted(count, "run")} of blocks in which nothing had changed, the first at ${block}`;
  }
}
