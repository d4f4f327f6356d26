import type {
  Manifest,
  ManifestDatafile,
  ManifestSnapshot,
  SnapshotDatafile,
  SnapshotManifest,
} from "../domain/manifest.ts";
import type { FilePath } from "../domain/names.ts";
import { below } from "./backup-layout.ts";

/** In the SQL of the notes: the directory of the restored database. The shell puts it in. */
export const NEW = "@NEW@";

/** A datafile of a backup and where a restore by hand has it. */
export interface PlacedFile extends Pick<ManifestDatafile, "file" | "container" | "tablespace" | "source"> {
  /** What is copied, from the directory of the notes; absent where it lies in a clone of a snapshot. */
  readonly from?: string;
  /** `@NEW@` stands for the new directory. */
  readonly to: string;
}

export function placedFiles(manifest: Manifest): readonly PlacedFile[] {
  if (manifest.kind === "snapshot") return manifest.datafiles.map((one) => inClone(one, manifest));
  const own = manifest.datafiles.map((one) => copied(one, one.name));
  if (manifest.kind !== "cold") return own;
  // The backups of an area lie two levels below it (rule 30).
  return [...own, ...manifest.kept.map((one) => copied(one, `../../${one.directory}/${one.name}`))];
}

interface InVolume {
  readonly storage: string;
  readonly volume: string;
}

/**
 * Where a snapshot's files are after its bare commands: beside the datafiles it is of, so that it needs no other file
 * system. It stands for the volume's mount point.
 */
export function cloneRoot(
  { storage, volume, mountPoint, name }: InVolume & Pick<ManifestSnapshot, "mountPoint" | "name">,
  files: readonly (InVolume & { readonly inside: string })[],
): FilePath {
  const own = files.filter((one) => one.storage === storage && one.volume === volume);
  const folder = commonFolder(own.map(({ inside }) => inside));
  const beside = folder === "" ? (mountPoint as FilePath) : below(mountPoint as FilePath, folder);
  return below(beside, `restore-${name}`);
}

/** Empty where they have none. */
function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split("/").slice(0, -1));
  const apart = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (apart === -1 ? first : first.slice(0, apart)).join("/");
}

function copied(
  { file, container, tablespace, source }: Omit<PlacedFile, "from" | "to">,
  from: string,
): PlacedFile {
  return { file, container, tablespace, source, from, to: `${NEW}/data/${lastName(from)}` };
}

function inClone(
  { file, container, tablespace, source, storage, volume, snapshot, inside }: SnapshotDatafile,
  { snapshots, datafiles }: SnapshotManifest,
): PlacedFile {
  const found = snapshots.find((one) => one.storage === storage && one.volume === volume);
  const root = cloneRoot(
    { storage, volume, mountPoint: found?.mountPoint ?? "/", name: snapshot },
    datafiles,
  );
  return { file, container, tablespace, source, to: below(root, inside) };
}

/** `o1_mf_…`, and `ora_…` of old releases: files that Oracle named itself. */
const NAMED_BY_ORACLE = /^(o1_mf|ora)_.*\.(dbf|log|tmp)$/i;

/** Files of the first database that RENAME FILE would delete where they are (rule 116). */
export function namedByOracle(manifest: Manifest): readonly string[] {
  const all = [
    ...placedFiles(manifest).map(({ source }) => source),
    ...manifest.onlineLogs.flatMap(({ members }) => members),
    ...manifest.tempfiles.map(({ path }) => path),
  ];
  return all.filter((path) => path.startsWith("+") || NAMED_BY_ORACLE.test(lastName(path)));
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
