import type { Comparison } from "../simulator/workload/compare.ts";

/** What a comparison means, in a sentence. */
export function verdictOf({ rowsCompared, rowsDifferent, differences }: Comparison): string {
  if (rowsDifferent === 0) {
    return `${rowsCompared} rows compared: each row committed at that SCN is there, and none that was not.`;
  }
  return `${rowsDifferent} of ${rowsCompared} rows differ:\n${JSON.stringify(differences, undefined, 2)}`;
}
