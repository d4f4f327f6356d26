import type { CatalogEntry } from "../domain/journal.ts";
import type {
  Manifest,
  ManifestDatafile,
  ManifestFile,
  ManifestKeptFile,
  ManifestLog,
  RefreshedDatafile,
  SnapshotManifest,
} from "../domain/manifest.ts";
import type { FilePath, RunId } from "../domain/names.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import { archivedLogProblems, readArchivedLogHeader } from "../formats/archived-log-header.ts";
import { readDatafileHeader } from "../formats/datafile-header.ts";
import { logChainProblems } from "../plan/log-chain.ts";
import type { VerifyRequest, VerifyResult } from "../ports/copier.ts";
import type { Host } from "../ports/host.ts";
import { sha256 } from "./catalog-entry.ts";
import { controlfileProblem } from "./controlfile-problem.ts";
import { readManifest } from "./read-manifest.ts";
import { askedOf, lostSnapshots } from "./lost-snapshots.ts";
import { singleFiles } from "./single-files.ts";
import { withViews } from "./snapshot-views.ts";
import type { World } from "./world.ts";

export interface VerifiedBackup {
  readonly files: number;
  readonly bytes: number;
  /** Empty for a good backup. */
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

/**
 * Reads a whole backup again: every hash, every block, every header, and the chain of logs. The verdict goes into the
 * catalog. Throws UMB-2004 for an unknown id, and UMB-9005 where the manifest is gone or is not the one written.
 */
export async function verifyBackup(world: World, id: string): Promise<VerifiedBackup> {
  const entry = await catalogued(world, id);
  const manifest = await writtenManifest(world, entry);
  const problems = [...dirtyProblems(manifest), ...logChainProblems(manifest).map(ofLogs)];
  const checks = checksOf(manifest, world, entry);
  let bytes = 0;
  const performAll = async (some: readonly Check[]) => {
    for (const check of some) {
      const { file, problems: found } = await perform(world, entry, check);
      bytes += file.bytes;
      problems.push(...found.map((problem) => ({ path: file.name, problem })));
    }
  };
  if (manifest.kind === "snapshot") {
    problems.push(...(await inSnapshots(world, entry, manifest, performAll)));
  }
  await performAll(checks);
  const verdict = problems.length === 0 ? "good" : "damaged";
  await world.state.catalog.verified(entry.id, world.clock.now(), verdict);
  const inViews = manifest.kind === "snapshot" ? manifest.datafiles.length : 0;
  return { files: checks.length + inViews, bytes, problems };
}

function ofLogs(problem: string) {
  return { path: "logs", problem };
}

function dirtyProblems(manifest: Manifest): readonly { readonly path: string; readonly problem: string }[] {
  if (manifest.kind !== "refreshed") return [];
  return manifest.dirty.map(({ file, run }) => ({
    path: `datafile ${file}`,
    problem: `${run} began to bring its copy forward and did not end: refresh it again`,
  }));
}

/** Of a copy that was changed without being read as a whole no hash is known. */
type CheckedFile = Omit<ManifestFile, "sha256"> & Partial<Pick<ManifestFile, "sha256">>;

interface Check {
  readonly file: CheckedFile;
  readonly how: Pick<VerifyRequest, "mode" | "blockSize" | "relativeFile" | "bigfile">;
  /** Where it lies; beside the manifest unless told. */
  readonly at?: { readonly host: Host; readonly path: FilePath };
  /** What the file's own header must say. */
  readonly header?: (result: VerifyResult) => readonly string[] | Promise<readonly string[]>;
}

function checksOf(manifest: Manifest, world: World, { directory }: CatalogEntry): readonly Check[] {
  const [controlfile, ...plain] = singleFiles(manifest);
  return [
    ...copiesBeside(manifest).map((file): Check => ({
      file,
      how: { ...file, mode: modeOf(file) },
      header: (result) => datafileProblems(manifest, file, result),
    })),
    ...manifest.logs.map((log): Check => ({
      file: log,
      how: { mode: "redo", blockSize: log.blockSize },
      header: (result) => logProblems(manifest, log, result),
    })),
    {
      file: controlfile,
      how: PLAIN,
      header: () => controlfileProblems(world, `${directory}/${controlfile.name}` as FilePath, manifest),
    },
    ...[...plain, ...redoOf(manifest)].map((file): Check => ({ file, how: PLAIN })),
    ...keptOf(manifest).map((file): Check => ({
      file: { ...file, name: `../../${file.directory}/${file.name}` },
      how: { ...file, mode: modeOf(file) },
      header: (result) => datafileProblems(manifest, file, result),
    })),
  ];
}

/** Those of a backup by snapshots are in the snapshots. */
function copiesBeside(manifest: Manifest): readonly (ManifestDatafile | RefreshedDatafile)[] {
  return manifest.kind === "snapshot" ? [] : manifest.datafiles;
}

/** Shows the snapshots while their files are read. A snapshot that is gone is a finding. */
async function inSnapshots(
  world: World,
  { id }: CatalogEntry,
  manifest: SnapshotManifest,
  performAll: (checks: readonly Check[]) => Promise<void>,
): Promise<VerifiedBackup["problems"]> {
  const lost = await lostSnapshots(world, manifest);
  if (lost.length > 0) return lost.map((path) => ({ path, problem: "it is not there" }));
  await withViews(world, `verify-${id}` as RunId, askedOf(manifest), (shown) =>
    performAll(
      manifest.datafiles.map((file): Check => ({
        file,
        how: { ...file, mode: file.mode === "backup-mode" ? "backup-mode" : "consistent" },
        header: (result) => datafileProblems(manifest, file, result),
        at: { host: world.databaseHost, path: shown.pathOf(file) },
      })),
    ),
  );
  return [];
}

/** RMAN hands on whole blocks only. */
function modeOf({ mode }: Pick<ManifestDatafile, "mode">): "backup-mode" | "consistent" {
  return mode === "rman" ? "consistent" : mode;
}

function redoOf(manifest: Manifest): readonly ManifestFile[] {
  return manifest.kind === "cold" ? manifest.onlineRedo : [];
}

/** Copies in earlier backups of the same area, which is two levels up (rule 30). */
function keptOf(manifest: Manifest): readonly ManifestKeptFile[] {
  return manifest.kind === "cold" ? manifest.kept : [];
}

const PLAIN = { mode: "plain", blockSize: 512 } as const;

async function perform(
  world: World,
  { directory }: CatalogEntry,
  { file, how, header, at }: Check,
): Promise<{ readonly file: CheckedFile; readonly problems: readonly string[] }> {
  const { mode, blockSize, relativeFile, bigfile } = how;
  try {
    const result = await (at?.host ?? world.backupHost).verify({
      path: at?.path ?? (`${directory}/${file.name}` as FilePath),
      mode,
      blockSize,
      ...(relativeFile === undefined ? {} : { relativeFile }),
      ...(bigfile === undefined ? {} : { bigfile }),
      ...(file.sha256 === undefined ? {} : { sha256: file.sha256 }),
      stallMs: world.database.deadlines.copyStallMs,
      signal: world.signal,
    });
    return { file, problems: [...contentProblems(file, result), ...((await header?.(result)) ?? [])] };
  } catch (error) {
    // A copy that is gone or cannot be read is what was asked for: a finding, not a failure of the command.
    if (!isUmbraError(error) || world.signal.aborted) throw error;
    return { file, problems: [isGone(error) ? "it is not there" : error.message] };
  }
}

function isGone({ context }: UmbraError): boolean {
  return "errno" in context && context.errno === "ENOENT";
}

function contentProblems(file: CheckedFile, result: VerifyResult): readonly string[] {
  const problems: string[] = [];
  if (result.problem !== undefined) problems.push(result.problem);
  if (result.bytes !== file.bytes)
    problems.push(`it holds ${result.bytes} bytes, written were ${file.bytes}`);
  if (result.sha256Matches === false) problems.push("its SHA-256 is not the one that was written");
  problems.push(...result.damaged.map(({ block, verdict }) => `block ${block}: ${verdict}`));
  return problems;
}

function datafileProblems(
  manifest: Manifest,
  file: Omit<ManifestDatafile, "sha256" | "mode">,
  { head }: VerifyResult,
): readonly string[] {
  const read = readDatafileHeader(head);
  if (!read.ok) return [`its header: ${read.reason}`];
  const header = read.value;
  const compared: readonly (readonly [string, string, string])[] = [
    ["file number", String(header.file), String(file.file)],
    ["creation SCN", String(header.creationScn), file.creationScn],
    ["checkpoint SCN", String(header.checkpoint.scn), file.checkpointScn],
    ["resetlogs SCN", String(header.resetlogsScn), file.resetlogsScn],
    ["backup mode flag", String(header.status.hotBackup), String(file.hotBackup)],
    ...(manifest.identity.cdb ? [] : [["DBID", header.dbid, manifest.identity.dbid] as const]),
  ];
  return compared
    .filter(([, found, expected]) => found !== expected)
    .map(([what, found, expected]) => `its header's ${what} is ${found}, not ${expected}`);
}

function logProblems(manifest: Manifest, log: ManifestLog, result: VerifyResult): readonly string[] {
  const read = readArchivedLogHeader(result.head);
  if (!read.ok) return [`its header: ${read.reason}`];
  const { thread, sequence, resetlogsId } = log;
  const expected = { fileBytes: result.bytes, dbid: manifest.identity.dbid, thread, sequence, resetlogsId };
  return archivedLogProblems(read.value, expected);
}

async function controlfileProblems(
  world: World,
  path: FilePath,
  manifest: Manifest,
): Promise<readonly string[]> {
  const options = { deadlineMs: world.database.deadlines.copyStallMs, signal: world.signal };
  const kind = manifest.kind === "cold" ? "closed" : "backup";
  const expected = { kind, dbid: manifest.identity.dbid } as const;
  const problem = await controlfileProblem(world.backupHost, path, expected, options);
  return problem === undefined ? [] : [problem];
}

async function catalogued(world: World, id: string): Promise<CatalogEntry> {
  const entry = await world.state.catalog.get(id);
  if (entry !== undefined) return entry;
  throw new UmbraError("UMB-2004", { id, what: "backup", suggestion: "" });
}

async function writtenManifest(world: World, entry: CatalogEntry): Promise<Manifest> {
  const path = `${entry.directory}/manifest.json` as FilePath;
  const read = await readManifest(world, path);
  if (read === undefined) throw new UmbraError("UMB-9005", { path, problem: "the manifest is gone" });
  if (sha256(read.text) !== entry.manifestSha256) {
    throw new UmbraError("UMB-9005", { path, problem: "the manifest is not the one that the catalog knows" });
  }
  if (!read.ok) throw new UmbraError("UMB-9005", { path, problem: read.problem });
  return read.manifest;
}
