import {
  blockJudge,
  type BlockExpectation,
  type BlockJudge,
  type BlockVerdict,
} from "../formats/block-verdict.ts";
import { redoJudge, type RedoExpectation } from "../formats/redo-verdict.ts";
import type { CopyMode } from "../ports/copier.ts";

/** How the blocks of one file are judged. Plain data: it is sent to the threads. */
export type BlockRules =
  | { readonly kind: "datafile"; readonly blockSize: number; readonly expected: BlockExpectation }
  | { readonly kind: "redo"; readonly blockSize: number; readonly expected: RedoExpectation }
  /** Not a file of blocks: read in pieces of this size, never judged. */
  | { readonly kind: "plain"; readonly blockSize: number };

export function judgeFor(rules: BlockRules): BlockJudge | undefined {
  if (rules.kind === "plain") return undefined;
  return rules.kind === "redo" ? redoJudge(rules.expected) : blockJudge(rules.expected);
}

/** Torn reads are legal between BEGIN and END BACKUP, because redo holds the whole block (rule 52). */
const explainedByBackupMode: readonly BlockVerdict[] = ["fractured", "checksum"];
const unexplained: readonly BlockVerdict[] = ["all-zero", "bad-header"];

/**
 * Verdicts that a copy may not hold. A soft-corrupt block is none: the database itself marked it, the copy is true.
 * An all-zero block or a bad header never comes from backup mode.
 */
export function damageIn(mode: CopyMode): readonly BlockVerdict[] {
  return mode === "backup-mode" ? unexplained : [...unexplained, ...explainedByBackupMode];
}
