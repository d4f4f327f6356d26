import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig, RefreshFind } from "../domain/fleet.ts";
import type { RefreshedManifest } from "../domain/manifest.ts";
import type { RunId } from "../domain/names.ts";
import type { BackupLayout } from "../domain/plan.ts";
import { scn } from "../domain/scn.ts";
import { formatSnapshotName } from "../domain/snapshot.ts";
import type { Protection, Step } from "../domain/step.ts";
import { areaHashes } from "./area-layout.ts";
import { isEntryOf, type Parent } from "./area-parent.ts";
import { below } from "./backup-layout.ts";
import { byTablespace, type TransferOf } from "./by-tablespace.ts";
import { rmanSteps } from "./rman-steps.ts";
import { changesFrom, type MomentOf, momentsFor } from "./source-moments.ts";
import { copyFile, copyStep, directories, id } from "./step-parts.ts";
import type { CopiedFile } from "./hot-backup.ts";

/** What is done with one datafile: a full copy under a name, or its copy is brought forward. */
export type AreaAction =
  | { readonly how: "copy"; readonly treatment: CopiedFile; readonly name: string }
  | {
      readonly how: "refresh";
      readonly treatment: CopiedFile;
      readonly parent: Extract<Parent, { readonly found: "good" }>;
    };

export interface AreaStepsInput {
  readonly kind: "baseline" | "refresh";
  readonly facts: Facts;
  readonly config: DatabaseConfig;
  readonly layout: BackupLayout;
  readonly run: RunId;
  readonly width: number;
  readonly find: RefreshFind;
  readonly actions: readonly AreaAction[];
  /** Of this incarnation or not: its copies are those that are rewritten. */
  readonly previous: RefreshedManifest | undefined;
  readonly look: Pick<AreaLook, "canSnapshot" | "listed">;
}

/** After so many refreshes by hashes every copy was read. */
const REREAD_WITHIN = 8;

/**
 * The copies as they are get all redo up to now, and a snapshot; only then they are marked and rewritten. Logs, control
 * file and manifest follow as in every backup (rules 44, 48). What is not needed any more goes last.
 */
export function areaSteps(input: AreaStepsInput): readonly Step[] {
  const { facts, layout } = input;
  return [
    ...directories(layout, ["data", "logs", "control", "parameters"]),
    ...hashesDirectory(input),
    ...beforeSteps(input),
    ...markSteps(input),
    ...transferSteps(input),
    ...closingSteps(input),
    { kind: "confirm-identity", id: id("confirm-identity"), expected: facts.identity },
    { kind: "write-manifest", id: id("write-manifest"), path: layout.manifest },
    { kind: "tidy-area", id: id("tidy-area"), directory: layout.directory },
    ...snapshotStep(input, "after"),
  ];
}

function hashesDirectory({ find, config }: AreaStepsInput): readonly Step[] {
  if (find === "compare") return [];
  return [{ kind: "make-directory", id: id("make-directory:hashes"), path: areaHashes(config.backupArea) }];
}

/** Redo that belongs to what the area holds now: from where its logs end up to this run. */
function beforeSteps(input: AreaStepsInput): readonly Step[] {
  const { layout, width } = input;
  const from = redoEnd(input);
  if (from === undefined) return [];
  return [
    { kind: "switch-logs", id: id("switch-logs:before") },
    {
      kind: "collect-logs",
      id: id("collect-logs:before"),
      directory: layout.logs,
      width,
      from,
      when: "before",
    },
    ...(input.previous?.dirty.length === 0 ? snapshotStep(input, "before") : []),
  ];
}

function redoEnd({ previous, facts }: AreaStepsInput) {
  if (previous === undefined || previous.identity.resetlogsId !== facts.identity.resetlogsId)
    return undefined;
  return scn(BigInt(previous.scns.recoverableTo));
}

function snapshotStep(input: AreaStepsInput, when: "before" | "after"): readonly Step[] {
  const { config, look, run } = input;
  const policy = config.refresh.snapshot;
  if (!look.canSnapshot || (policy !== when && policy !== "both")) return [];
  const name = formatSnapshotName({ run, label: when });
  return [{ kind: "take-snapshot", id: id(`take-snapshot:${when}`), name, when }];
}

/** A copy that stays as it is while its file is at rest is marked when that turns out otherwise. */
function markSteps({ actions, layout, previous }: AreaStepsInput): readonly Step[] {
  const files = actions
    .filter((action) => !isAtRest(action))
    .map((action) => action.treatment.file)
    .filter((file) => previous?.datafiles.some((one) => isEntryOf(one, file)) === true)
    .map(({ file, creationScn }) => ({ file, creationScn }));
  if (files.length === 0) return [];
  return [{ kind: "mark-dirty", id: id("mark-dirty"), path: layout.manifest, files }];
}

function transferSteps(input: AreaStepsInput): readonly Step[] {
  if (input.config.refresh.engine === "rman") return rmanSteps(input);
  const { actions, width, look, run } = input;
  const byFile = new Map(actions.map((action) => [action.treatment.file.file, action]));
  const known = { ...input, momentOf: momentsFor(actions, look, run), reread: rereadOf(actions) };
  const transfer: TransferOf = (file, protection) =>
    transferStep(file, protection, byFile.get(file.file), known);
  return byTablespace(
    actions.map((action) => action.treatment),
    width,
    transfer,
  );
}

interface TransferInput extends AreaStepsInput {
  readonly momentOf: MomentOf;
  readonly reread: ReadonlySet<AreaAction>;
}

function transferStep(
  file: DatafileFacts,
  protection: Protection,
  action: AreaAction | undefined,
  { layout, config, find, momentOf, reread }: TransferInput,
) {
  const moment = momentOf(file, protection);
  const copy = { ...copyStep(file, layout, protection), ...(moment === undefined ? {} : { moment }) };
  if (action === undefined) return copy;
  if (action.how === "copy") return { ...copy, target: below(layout.directory, action.name) };
  const { entry, asWritten } = action.parent;
  const hashes = below(areaHashes(config.backupArea), `${lastName(entry.name)}.hashes`);
  const from = find === "list" ? changesFrom(action.parent, moment) : undefined;
  const isReread = reread.has(action);
  const isFound = asWritten && (!isReread || from !== undefined);
  return {
    ...copy,
    kind: "refresh-datafile" as const,
    id: id(`refresh-datafile:${file.file}`),
    target: below(layout.directory, entry.name),
    find: isFound ? find : ("compare" as const),
    ...(find === "compare" ? {} : { hashes }),
    ...(from === undefined ? {} : { changesFrom: from }),
    ...(from !== undefined && isReread ? { prove: true as const } : {}),
    // Hashes of a copy that is not what they were taken of must not be believed.
    generation: asWritten ? entry.refreshedBy : `not-${entry.refreshedBy}`,
    maybeUnchanged: isAtRest(action),
  };
}

/** Hashes and lists trust the copy, so in turn each copy is read: those that were not for the longest time. */
function rereadOf(actions: readonly AreaAction[]): ReadonlySet<AreaAction> {
  const copies = actions.flatMap((one) => (one.how === "refresh" && !isAtRest(one) ? [one] : []));
  const turn = copies.toSorted((a, b) => {
    const [first, second] = [a.parent.entry.comparedAt ?? "", b.parent.entry.comparedAt ?? ""];
    return first < second ? -1 : first > second ? 1 : a.treatment.file.file - b.treatment.file.file;
  });
  return new Set(turn.slice(0, Math.ceil(turn.length / REREAD_WITHIN)));
}

/** Read only or offline, then as now: if the header agrees too, nobody wrote it. */
function isAtRest(action: AreaAction): boolean {
  if (action.how !== "refresh" || action.treatment.how !== "as-it-is") return false;
  if (action.treatment.why === "offline-needs-recovery" || !action.parent.asWritten) return false;
  const { entry, copy } = action.parent;
  return entry.mode === "consistent" && !entry.needsRecovery && copy.bytes === entry.bytes;
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Each run writes under names of its own: what the manifest names now stays whole until the next one is there. */
function closingSteps(input: AreaStepsInput): readonly Step[] {
  const { facts, layout, width, run } = input;
  const { spfile, passwordFile } = facts;
  const from = redoEnd(input);
  return [
    { kind: "switch-logs", id: id("switch-logs") },
    { kind: "wait-for-logs", id: id("wait-for-logs") },
    {
      kind: "collect-logs",
      id: id("collect-logs"),
      directory: layout.logs,
      width,
      when: "after",
      ...(from === undefined ? {} : { from }),
    },
    {
      kind: "backup-controlfile",
      id: id("backup-controlfile"),
      path: below(layout.control, `control-${run}.bkp`),
    },
    {
      kind: "trace-controlfile",
      id: id("trace-controlfile"),
      path: below(layout.control, `control-${run}.sql`),
    },
    {
      kind: "save-parameters",
      id: id("save-parameters"),
      path: below(layout.parameters, `init-${run}.ora`),
      from: spfile === undefined ? "memory" : "spfile",
    },
    ...[...copyFile("spfile", spfile, layout), ...copyFile("password-file", passwordFile, layout)].map(
      (step) => (step.kind === "copy-file" ? { ...step, target: ownName(step.target, run) } : step),
    ),
  ];
}

/** `spfile.ora` becomes `spfile-RUN.ora`, `orapw` `orapw-RUN`. */
function ownName(path: DatafileFacts["path"], run: RunId) {
  const dot = path.lastIndexOf(".");
  const end = dot > path.lastIndexOf("/") ? dot : path.length;
  return `${path.slice(0, end)}-${run}${path.slice(end)}` as DatafileFacts["path"];
}
