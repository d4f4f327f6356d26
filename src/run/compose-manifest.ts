import type { DatabaseIdentity } from "../domain/facts.ts";
import { formatUtc } from "../domain/instant.ts";
import type { HotManifest, Manifest, ManifestFile, ManifestScns } from "../domain/manifest.ts";
import { formatScn, minScn, scn } from "../domain/scn.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { areaParts } from "./area-manifest.ts";
import { isAreaPlan } from "./area-plan.ts";
import { coldParts } from "./cold-manifest.ts";
import { snapshotParts } from "./snapshot-manifest.ts";
import type { RunResults, SingleFile } from "./run-results.ts";
import type { StepContext } from "./step-context.ts";

/** Everything that the steps before it found out. Throws UMB-1001 where the plan left a needed step out. */
export function composeManifest(context: StepContext): Manifest {
  const { plan, results } = context;
  if (plan.kind === "hot-backup") {
    const whole = plan.onlyTablespaces === undefined;
    return { ...common(context), kind: "hot", whole, scns: scnsOf(results) };
  }
  if (isAreaPlan(plan)) {
    return {
      ...common(context),
      kind: "refreshed",
      scns: scnsOf(results),
      ...areaParts(plan, context),
    };
  }
  if (plan.kind === "snapshot-backup") {
    const parts = snapshotParts(plan, context);
    return { ...common(context), kind: "snapshot", whole: true, scns: scnsOf(results), ...parts };
  }
  return { ...common(context), kind: "cold", whole: true, ...coldParts(plan, context) };
}

function common({ plan, results, world }: StepContext): Omit<HotManifest, "kind" | "scns" | "whole"> {
  const { facts } = plan;
  return {
    format: 1,
    backup: plan.run,
    database: plan.database,
    startedAt: formatUtc(facts.readAt),
    finishedAt: formatUtc(world.clock.now()),
    identity: identityOf(facts.identity),
    datafiles: results.datafiles.toSorted((a, b) => a.file - b.file),
    absent: results.absent,
    logs: results.logs,
    controlfile: needed(results, "controlfile"),
    controlfileScript: needed(results, "controlfileScript"),
    ...optional(results, "parameterText"),
    ...optional(results, "spfile"),
    ...optional(results, "passwordFile"),
    tempfiles: facts.tempfiles.map(({ container, tablespace, path, bytes, autoextensible }) => ({
      container,
      tablespace,
      path,
      bytes,
      autoextensible,
    })),
    onlineLogs: facts.onlineLogs.map(({ thread, group, bytes, members }) => ({
      thread,
      group,
      bytes,
      members,
    })),
    controlfilePaths: facts.controlfiles,
    wallets: facts.wallets,
    ...(facts.blockChangeTracking === undefined ? {} : { blockChangeTracking: facts.blockChangeTracking }),
    version: facts.instances[0]?.version ?? "unknown",
    patches: facts.patches,
    notes: [...plan.warnings.map((warning) => warning.seen), ...results.notes],
  };
}

function identityOf({ dbid, name, uniqueName, cdb, resetlogsScn, resetlogsId, platform }: DatabaseIdentity) {
  return { dbid, name, uniqueName, cdb, resetlogsScn: formatScn(resetlogsScn), resetlogsId, platform };
}

/** Recovery stops where the shortest chain of logs does: all threads are needed beyond any SCN (rule 96). */
function scnsOf(results: RunResults): ManifestScns {
  const reached = results.threads.map((thread) => {
    const logs = results.logs.filter((log) => log.thread === thread);
    return scn(BigInt(logs.at(-1)?.nextScn ?? formatScn(results.minimumRecovery)));
  });
  return {
    neededFrom: formatScn(results.neededFrom),
    minimumRecovery: formatScn(results.minimumRecovery),
    recoverableTo: formatScn(minScn(reached) ?? results.minimumRecovery),
    threads: results.threads,
  };
}

function needed(results: RunResults, name: SingleFile): ManifestFile {
  const file = results.files.get(name);
  if (file === undefined) throw new UmbraError("UMB-1001", { what: `no step made the ${name}` });
  return file;
}

function optional<K extends SingleFile>(results: RunResults, name: K): { readonly [P in K]?: ManifestFile } {
  const file = results.files.get(name);
  return file === undefined ? {} : ({ [name]: file } as { readonly [P in K]?: ManifestFile });
}
