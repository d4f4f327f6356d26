import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import type { RefreshedManifest } from "../domain/manifest.ts";
import type { RunId } from "../domain/names.ts";
import type { AreaPlan, RefreshOptions } from "../domain/plan.ts";
import type { Planned, Refusal } from "../domain/refusal.ts";
import { areaLayout } from "./area-layout.ts";
import { isEntryOf, parentOf } from "./area-parent.ts";
import { refuseEngine, refuseForeignArea, refuseParent, refuseWithoutBaseline } from "./area-refusals.ts";
import { type AreaAction, areaSteps } from "./area-steps.ts";
import { areaWarnings } from "./area-warnings.ts";
import { copyName } from "./backup-layout.ts";
import { areaTreatment, rmanLacks } from "./rman-parents.ts";
import { copyBytes } from "./hot-backup.ts";
import { refuseArea } from "./refuse-area.ts";
import { snapshotBytes } from "./full-copies.ts";
import { refuseDatabase } from "./refuse-database.ts";

export interface RefreshInput {
  readonly facts: Facts;
  readonly look: AreaLook;
  readonly config: DatabaseConfig;
  readonly options: RefreshOptions;
  readonly runId: RunId;
}

/** The steps that bring every copy of the live area forward, or every reason why there can be none. */
export function planRefresh(input: RefreshInput): Planned<AreaPlan> {
  const { facts, look, config, options, runId } = input;
  const before = [...refuseForeignArea(look, facts, config), ...refuseWithoutBaseline(look, facts, config)];
  const previous = look.manifest;
  const decided = before.length > 0 ? [] : facts.datafiles.map((file) => decide(file, input));
  const bytes = decided.reduce((sum, one) => sum + ("action" in one ? newBytes(one.action) : 0), 0);
  const refusals = [
    ...refuseDatabase(facts, config),
    ...refuseEngine(config, look),
    ...before,
    ...decided.flatMap((one) => ("refusals" in one ? one.refusals : [])),
    ...refuseArea(facts, config, bytes + snapshotBytes(look, config.refresh.snapshot)),
  ];
  if (refusals.length > 0 || previous === undefined) return { ok: false, refusals };
  const actions = decided.flatMap((one) => ("action" in one ? [one.action] : []));
  const layout = areaLayout(config.backupArea);
  // What a verification found damaged is made whole by comparing.
  const find = look.damaged ? "compare" : (options.find ?? config.refresh.find);
  const width = Math.max(1, Math.trunc(options.parallel ?? config.refresh.parallel));
  const warnings = areaWarnings({ facts, look, config, actions, kind: "refresh" });
  const plan: AreaPlan = {
    kind: "refresh",
    run: runId,
    database: config.name,
    engine: config.refresh.engine,
    previous,
    kept: [],
    directory: layout.directory,
    layout,
    steps: areaSteps({
      kind: "refresh",
      facts,
      config,
      layout,
      run: runId,
      width,
      find,
      actions,
      previous,
      look,
    }),
    files: actions.length,
    bytes,
    warnings,
    facts,
  };
  return { ok: true, plan, warnings };
}

type Decided = { readonly action: AreaAction } | { readonly refusals: readonly Refusal[] };

function decide(file: DatafileFacts, { facts, look, config }: RefreshInput): Decided {
  const treatment = areaTreatment(file, facts, config);
  if (treatment.how === "refused") return { refusals: [treatment.refusal] };
  const parent = parentOf(file, look, facts.identity);
  const lacks = rmanLacks(parent, file, { facts, look, config });
  if (lacks !== undefined) return { refusals: refuseParent(file, { found: "wrong", why: lacks }, config) };
  if (parent.found === "good") return { action: { how: "refresh", treatment, parent } };
  if (parent.found === "none" && isNews(file, look.manifest)) {
    return { action: { how: "copy", treatment, name: nameFor(file, look) } };
  }
  return { refusals: refuseParent(file, parent, config) };
}

/** Created since the last refresh: small news, which must not stop protection. What is older should have a copy. */
function isNews(file: DatafileFacts, previous: RefreshedManifest | undefined): boolean {
  if (previous === undefined) return false;
  if (previous.absent.some((one) => one.why === "created-later" && isEntryOf(one, file))) return true;
  return file.creationScn >= BigInt(previous.scns.minimumRecovery);
}

/** What a run that died left under another name of the same file is written over. */
function nameFor(file: DatafileFacts, look: AreaLook): string {
  const left = look.copies.filter((one) => one.file === file.file && one.creationScn === file.creationScn);
  const [only] = left;
  return left.length === 1 && only !== undefined ? only.name : `data/${copyName(file)}`;
}

/** Bytes that the area grows by: new copies, and what files grew. */
function newBytes(action: AreaAction): number {
  const bytes = copyBytes(action.treatment.file);
  return action.how === "copy" ? bytes : Math.max(0, bytes - action.parent.copy.bytes);
}
