import type { RmanCopy } from "../domain/rman.ts";
import { formatScn, type Scn } from "../domain/scn.ts";

/** The datafile that a copy shall be of. */
export interface CopiedDatafile {
  readonly file: number;
  readonly creationScn: Scn;
}

export type RmanParent =
  | { readonly found: "good"; readonly copy: RmanCopy }
  | { readonly found: "none" }
  | { readonly found: "bad"; readonly why: string };

/**
 * The one copy that a level 1 builds on (rule 79): available, of level 0, of this file and incarnation, without damaged
 * blocks. `expected` is where umbra's copy of it lies: one at another path is somebody else's. Copies of an earlier file
 * of the same number do not count.
 */
export function rmanParent(
  file: CopiedDatafile,
  copies: readonly RmanCopy[],
  resetlogsScn: Scn,
  expected: string | undefined,
): RmanParent {
  const own = copies.filter(
    (copy) =>
      copy.file === file.file && copy.creationScn === file.creationScn && copy.resetlogsScn === resetlogsScn,
  );
  const [copy, other] = own;
  if (copy === undefined) return { found: "none" };
  if (other !== undefined)
    return {
      found: "bad",
      why: `RMAN knows ${own.length} copies of it: ${own.map(({ path }) => path).join(", ")}`,
    };
  if (copy.status !== "A") return { found: "bad", why: `${copy.path} was not there at the last crosscheck` };
  if (copy.level !== 0) return { found: "bad", why: `${copy.path} was not made as level 0` };
  if (copy.corruptBlocks > 0)
    return { found: "bad", why: `${copy.path} has ${copy.corruptBlocks} damaged blocks` };
  if (expected !== undefined && copy.path !== expected)
    return { found: "bad", why: `RMAN's copy lies at ${copy.path}, umbra's at ${expected}` };
  return { found: "good", copy };
}

/** What the copies were before, and what the files are now. */
export interface MergeExpected {
  readonly resetlogsScn: Scn;
  /** Checkpoint of each copy before, by file number; of none where there was none. */
  readonly before: ReadonlyMap<number, Scn>;
  /** Checkpoint of each file in v$datafile, read after the merge. */
  readonly current: ReadonlyMap<number, Scn>;
}

/**
 * Whether copies were made or brought forward as they should, by what the control file says of each: exactly one, at its
 * place, and newer than before, or as new as its file where nobody wrote that (rules 83, 128). Empty: all is well.
 */
export function mergeProblems(
  files: readonly (CopiedDatafile & { readonly target: string })[],
  after: readonly RmanCopy[],
  { resetlogsScn, before, current }: MergeExpected,
): readonly string[] {
  return files.flatMap((file) => {
    const parent = rmanParent(file, after, resetlogsScn, file.target);
    const name = `datafile ${file.file}`;
    if (parent.found === "none") return [`${name}: RMAN knows no copy of it`];
    if (parent.found === "bad") return [`${name}: ${parent.why}`];
    const { checkpointScn } = parent.copy;
    const was = before.get(file.file);
    const now = current.get(file.file);
    if (was === undefined || checkpointScn > was || (now !== undefined && checkpointScn >= now)) return [];
    return [`${name}: its copy is still of SCN ${formatScn(checkpointScn)}`];
  });
}

/** Lowest UNTIL CHANGE that a copy can be part of: past its checkpoint and its newest block (rule 84). */
export function usableFrom({ checkpointScn, absoluteFuzzyScn }: RmanCopy): Scn {
  const newest = absoluteFuzzyScn > checkpointScn ? absoluteFuzzyScn : checkpointScn;
  return (newest + 1n) as Scn;
}
