import type { AreaCopy, AreaCopyHeader, AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, DatabaseIdentity } from "../domain/facts.ts";
import type { RefreshedDatafile, RefreshedManifest } from "../domain/manifest.ts";
import { formatScn } from "../domain/scn.ts";

/** The copy that a datafile is brought forward from, or why there is none that can be (rule 79). */
export type Parent =
  | {
      readonly found: "good";
      readonly copy: AreaCopy;
      readonly entry: RefreshedDatafile;
      /** It holds what the manifest says: it is not dirty, and its header is as it was written. */
      readonly asWritten: boolean;
    }
  | { readonly found: "none" }
  | { readonly found: "wrong"; readonly why: string };

/** Found by the file's identity, never by its path: a renamed file keeps its copy (rule 56). */
export function parentOf(file: DatafileFacts, look: AreaLook, identity: DatabaseIdentity): Parent {
  const copies = look.copies.filter((one) => isOf(one, file));
  const entries = (look.manifest?.datafiles ?? []).filter((one) => isEntryOf(one, file));
  const [copy] = copies;
  const [entry] = entries;
  // Left by a run that died before its manifest: it is made again under its name.
  if (entry === undefined && copies.length <= 1) return { found: "none" };
  if (copies.length > 1) return wrong(`there are several: ${copies.map((one) => one.name).join(", ")}`);
  if (entries.length > 1) return wrong("the manifest names several");
  if (entry === undefined || entry.name !== copy?.name)
    return wrong(`the manifest names ${entry?.name ?? "none"}, there is ${copy?.name ?? "none"}`);
  return judged(copy, entry, { file, identity, isDirty: isMarkedDirty(look.manifest, file) });
}

/** A copy that is there where the manifest says: by its header. */
function judged(
  copy: AreaCopy,
  entry: RefreshedDatafile,
  at: { readonly file: DatafileFacts; readonly identity: DatabaseIdentity; readonly isDirty: boolean },
): Parent {
  const { header } = copy;
  if ("problem" in header) {
    // Torn by a crash in the middle of a refresh: all of it is compared.
    return at.isDirty
      ? { found: "good", copy, entry, asWritten: false }
      : wrong(`its header: ${header.problem}`);
  }
  const why = strangeHeader(header, at.file, at.identity);
  if (why !== undefined) return wrong(why);
  const asWritten = !at.isDirty && formatScn(header.checkpointScn) === entry.checkpointScn;
  return { found: "good", copy, entry, asWritten };
}

function strangeHeader(
  header: AreaCopyHeader,
  file: DatafileFacts,
  { cdb, dbid }: DatabaseIdentity,
): string | undefined {
  if (header.blockSize !== file.blockSize)
    return `its blocks have ${header.blockSize} bytes, the file's ${file.blockSize}`;
  if (header.file !== file.file || header.creationScn !== file.creationScn)
    return `its header is of file ${header.file}, created at SCN ${formatScn(header.creationScn)}`;
  // Files of pluggable databases may carry those of their container.
  return !cdb && header.dbid !== dbid ? `its header is of DBID ${header.dbid}` : undefined;
}

function isMarkedDirty(manifest: RefreshedManifest | undefined, file: DatafileFacts): boolean {
  return (manifest?.dirty ?? []).some((one) => isEntryOf(one, file));
}

function isOf(copy: AreaCopy, file: DatafileFacts): boolean {
  return copy.file === file.file && copy.creationScn === file.creationScn;
}

export function isEntryOf(
  one: { readonly file: number; readonly creationScn: string },
  { file, creationScn }: Pick<DatafileFacts, "file" | "creationScn">,
): boolean {
  return one.file === file && one.creationScn === formatScn(creationScn);
}

function wrong(why: string): Parent {
  return { found: "wrong", why };
}
