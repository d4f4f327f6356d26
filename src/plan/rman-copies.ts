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

/**
 * Whether a merge did what it should, by what the control file says of each copy afterwards: still exactly one, at its
 * place, and at least as new as `since`, which was read before the level 1 (rules 83, 128). Empty: all is well.
 */
export function mergeProblems(
  files: readonly (CopiedDatafile & { readonly path: string })[],
  after: readonly RmanCopy[],
  expected: { readonly resetlogsScn: Scn; readonly since: ReadonlyMap<number, Scn> },
): readonly string[] {
  return files.flatMap((file) => {
    const parent = rmanParent(file, after, expected.resetlogsScn, file.path);
    const name = `datafile ${file.file}`;
    if (parent.found === "none") return [`${name}: RMAN knows no copy of it any more`];
    if (parent.found === "bad") return [`${name}: ${parent.why}`];
    const wanted = expected.since.get(file.file);
    const { checkpointScn } = parent.copy;
    if (wanted === undefined || checkpointScn >= wanted) return [];
    return [`${name}: its copy is of SCN ${formatScn(checkpointScn)}, not of ${formatScn(wanted)} or later`];
  });
}

/** Lowest UNTIL CHANGE that a copy can be part of: past its checkpoint and its newest block (rule 84). */
export function usableFrom({ checkpointScn, absoluteFuzzyScn }: RmanCopy): Scn {
  const newest = absoluteFuzzyScn > checkpointScn ? absoluteFuzzyScn : checkpointScn;
  return (newest + 1n) as Scn;
}
