import { liveId } from "../domain/journal.ts";
import type {
  DroppedCopy,
  ManifestDatafile,
  RefreshedDatafile,
  RefreshedManifest,
} from "../domain/manifest.ts";
import type { AreaPlan } from "../domain/plan.ts";
import { formatScn, scn } from "../domain/scn.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { flatSteps } from "../plan/describe-step.ts";
import { volumeKey } from "./source-moments.ts";
import type { StepContext } from "./step-context.ts";

type AreaParts = Pick<
  RefreshedManifest,
  "backup" | "engine" | "run" | "datafiles" | "dirty" | "dropped" | "whole"
>;

/** A copy as its step recorded it. */
export type RecordedCopy = Omit<ManifestDatafile, "sha256"> &
  Pick<RefreshedDatafile, "sha256" | "comparedAt">;

/** What only the manifest of the live area has: each copy with SCNs of its own. */
export function areaParts(plan: AreaPlan, context: StepContext): AreaParts {
  const { results } = context;
  const made = results.datafiles.map((one) => withScns(one, plan.run, plan, context));
  const brought = results.area.refreshed.map((one) => {
    const madeBy = plan.previous?.datafiles.find((before) => isSame(before, one))?.madeBy;
    return withScns(one, madeBy ?? plan.run, plan, context);
  });
  const { kept, merged } = results.area;
  const datafiles = [...made, ...brought, ...merged, ...kept].toSorted((a, b) => a.file - b.file);
  const isThere = (one: Identified) => datafiles.some((file) => isSame(file, one));
  const isLeft = (one: Identified) => results.area.kept.some((file) => isSame(file, one));
  const gone = (one: Identified) => results.absent.some((file) => isSame(file, one));
  return {
    backup: liveId(plan.database),
    engine: plan.engine,
    run: plan.run,
    datafiles,
    dirty: (plan.previous?.dirty ?? []).filter(isLeft),
    dropped: (plan.previous?.datafiles ?? []).filter((one) => !isThere(one)).map((one) => dropped(one, plan)),
    whole: plan.facts.datafiles.every((file) => {
      const one = { file: file.file, creationScn: formatScn(file.creationScn) };
      return isThere(one) || gone(one);
    }),
  };
}

function withScns(
  copy: RecordedCopy,
  madeBy: string,
  plan: AreaPlan,
  { results }: StepContext,
): RefreshedDatafile {
  const from = results.area.changesFrom.get(copy.file);
  const isTrusted = from !== undefined && !results.area.distrusted.has(volumeKey(from));
  const runs = { madeBy, refreshedBy: plan.run, ...(isTrusted ? { changesFrom: from } : {}) };
  if (copy.mode === "backup-mode") {
    const end = results.endedAt.get(beginOf(copy, plan));
    if (end === undefined)
      throw new UmbraError("UMB-1001", { what: `END BACKUP of datafile ${copy.file} is not known` });
    // UNTIL CHANGE n leaves out change n.
    return { ...copy, ...runs, recoverFrom: copy.checkpointScn, usableFrom: formatScn(scn(end + 1n)) };
  }
  const seenAt = results.area.seenAt.get(copy.file);
  if (seenAt === undefined)
    throw new UmbraError("UMB-1001", { what: `datafile ${copy.file} was not seen unchanged` });
  const usableFrom = formatScn(scn(BigInt(copy.checkpointScn) + 1n));
  return { ...copy, ...runs, recoverFrom: formatScn(seenAt), usableFrom };
}

function beginOf(copy: RecordedCopy, plan: AreaPlan) {
  for (const step of flatSteps(plan.steps)) {
    if (step.kind !== "copy-datafile" && step.kind !== "refresh-datafile") continue;
    if (step.file === copy.file && step.protection.by === "backup-mode") return step.protection.begin;
  }
  throw new UmbraError("UMB-1001", { what: `no step began datafile ${copy.file}` });
}

interface Identified {
  readonly file: number;
  readonly creationScn: string;
}

function isSame(a: Identified, b: Identified): boolean {
  return a.file === b.file && a.creationScn === b.creationScn;
}

function dropped({ file, creationScn, name }: RefreshedDatafile, { run }: AreaPlan): DroppedCopy {
  return { file, creationScn, name, run };
}
