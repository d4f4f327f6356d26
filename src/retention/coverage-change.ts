import { coverage } from "../coverage/coverage.ts";
import { complement } from "../coverage/intervals.ts";
import type { CoverageChange } from "../domain/coverage-change.ts";
import type { CoverageInput, IncarnationCoverage } from "../domain/coverage.ts";

/** `left`: what coverage would be computed from afterwards. */
export function coverageChange(now: CoverageInput, left: CoverageInput): CoverageChange {
  const before = coverage(now);
  const after = coverage(left);
  const { incarnations, current } = now;
  return { before, after, given: givenUp(before, after), incarnations, current: current.incarnation };
}

/** Per incarnation, what can be restored now and could not afterwards. */
function givenUp(
  before: readonly IncarnationCoverage[],
  after: readonly IncarnationCoverage[],
): CoverageChange["given"] {
  return before.flatMap(({ incarnation, covered }) => {
    const left = after.find((one) => one.incarnation === incarnation)?.covered ?? [];
    return covered.flatMap((one) => complement(left, one)).map((one) => ({ ...one, incarnation }));
  });
}
