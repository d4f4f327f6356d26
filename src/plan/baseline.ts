import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { RefreshedDatafile, RefreshedManifest } from "../domain/manifest.ts";
import type { RunId } from "../domain/names.ts";
import type { AreaPlan, BaselineOptions } from "../domain/plan.ts";
import type { Planned, Refusal } from "../domain/refusal.ts";
import { areaLayout } from "./area-layout.ts";
import { isEntryOf, parentOf } from "./area-parent.ts";
import { refuseEngine, refuseForeignArea, refuseUnknownFiles } from "./area-refusals.ts";
import { type AreaAction, areaSteps } from "./area-steps.ts";
import { areaWarnings } from "./area-warnings.ts";
import { copyName } from "./backup-layout.ts";
import { areaTreatment, rmanLacks } from "./rman-parents.ts";
import { type CopiedFile, copyBytes } from "./hot-backup.ts";
import { refuseArea } from "./refuse-area.ts";
import { refuseDatabase } from "./refuse-database.ts";

export interface BaselineInput {
  readonly facts: Facts;
  readonly look: AreaLook;
  readonly config: DatabaseConfig;
  readonly options: BaselineOptions;
  readonly runId: RunId;
}

/** Full copies of the files that are named, else of all that lack a good one. Nothing else makes full copies. */
export function planBaseline(input: BaselineInput): Planned<AreaPlan> {
  const { facts, look, config, options, runId } = input;
  const wanted = wantedFiles(input);
  const treatments = wanted.map((file) => areaTreatment(file, facts, config));
  const copied = treatments.filter((one): one is CopiedFile => one.how !== "refused");
  const bytes = wanted.reduce((sum, file) => sum + copyBytes(file), 0);
  const refusals = [
    ...refuseDatabase(facts, config),
    ...refuseEngine(config, look),
    ...refuseForeignArea(look, facts, config),
    ...refuseUnknownFiles(options.datafiles ?? [], facts),
    ...(wanted.length === 0 && options.datafiles === undefined ? [nothingLacks(config)] : []),
    ...treatments.flatMap((one) => (one.how === "refused" ? [one.refusal] : [])),
    ...refuseArea(facts, config, bytes),
  ];
  if (refusals.length > 0) return { ok: false, refusals };
  const actions = copied.map((treatment): AreaAction => {
    return { how: "copy", treatment, name: `data/${copyName(treatment.file)}` };
  });
  const layout = areaLayout(config.backupArea);
  const warnings = areaWarnings({ facts, look, config, actions, kind: "baseline" });
  const width = Math.max(1, Math.trunc(options.parallel ?? config.refresh.parallel));
  const previous = look.manifest;
  const steps = areaSteps({
    kind: "baseline",
    facts,
    config,
    layout,
    run: runId,
    width,
    find: "compare",
    actions,
    previous,
    look,
  });
  const plan: AreaPlan = {
    kind: "baseline",
    run: runId,
    database: config.name,
    engine: config.refresh.engine,
    ...(previous === undefined ? {} : { previous }),
    kept: keptCopies(facts, wanted, previous),
    directory: layout.directory,
    layout,
    steps,
    files: actions.length,
    bytes,
    warnings,
    facts,
  };
  return { ok: true, plan, warnings };
}

function wantedFiles({ facts, look, options, config }: BaselineInput): readonly DatafileFacts[] {
  const { datafiles, identity } = facts;
  const { datafiles: named } = options;
  if (named !== undefined) return datafiles.filter((file) => named.includes(file.file));
  const isOther = look.manifest !== undefined && look.manifest.identity.resetlogsId !== identity.resetlogsId;
  return datafiles.filter((file) => {
    const parent = parentOf(file, look, identity);
    return (
      isOther || parent.found !== "good" || rmanLacks(parent, file, { facts, look, config }) !== undefined
    );
  });
}

/** Copies of other files stay with their own SCNs, if they are of this incarnation. */
function keptCopies(
  { datafiles, identity }: Facts,
  wanted: readonly DatafileFacts[],
  previous: RefreshedManifest | undefined,
): readonly RefreshedDatafile[] {
  if (previous === undefined || previous.identity.resetlogsId !== identity.resetlogsId) return [];
  const others = datafiles.filter((file) => !wanted.includes(file));
  return previous.datafiles.filter((one) => others.some((file) => isEntryOf(one, file)));
}

function nothingLacks({ name }: DatabaseConfig): Refusal {
  const seen = "every datafile has its good copy in the live area";
  const todo = `umbra backup refresh ${name}; with --datafile a copy is made anew`;
  return { code: "UMB-3137", seen, todo };
}
