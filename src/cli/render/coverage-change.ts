import type { CoverageChange } from "../../domain/coverage-change.ts";
import type { IncarnationCoverage, ScnInterval } from "../../domain/coverage.ts";
import { formatScn } from "../../domain/scn.ts";
import { coverageStrip } from "./coverage.ts";

/** A strip for each incarnation before and after, and what lies between the two. */
export function changeLines({
  before,
  after,
  given,
  current,
  incarnations,
}: CoverageChange): readonly string[] {
  const isAlone = incarnations.length === 1;
  const strips = before
    .filter(({ covered }) => covered.length > 0)
    .flatMap((one) => {
      const later = after.find(({ incarnation }) => incarnation === one.incarnation);
      const title = isAlone
        ? ""
        : ` of incarnation ${one.incarnation}${one.incarnation === current ? ", the current one" : ""}`;
      return [
        `Can be restored now${title}:`,
        `  ${coverageStrip(one)}`,
        "afterwards:",
        `  ${coverageStrip(onTheSameScale(one, later))}`,
      ];
    });
  const lost = given.map(
    ({ from, to, incarnation }) =>
      `Given up: SCN ${formatScn(from)} to ${formatScn(to)}${isAlone ? "" : ` of incarnation ${incarnation}`}.`,
  );
  return [...strips, ...(lost.length === 0 ? ["Nothing that can be restored is given up."] : lost)];
}

/** What is not there any more is a hole, so that both strips have the same ends. */
function onTheSameScale(
  before: IncarnationCoverage,
  after: IncarnationCoverage | undefined,
): IncarnationCoverage {
  const hole = (one: ScnInterval) => ({ ...one, reason: { kind: "no-copy", unusable: [] } as const });
  return {
    incarnation: before.incarnation,
    ways: [],
    covered: after?.covered ?? [],
    holes: [...before.holes, ...before.covered.map(hole)],
  };
}

/** SCNs are text. */
export function changeData({ before, after, given }: CoverageChange): object {
  return {
    before: intervals(before),
    after: intervals(after),
    given: given.map((one) => ({ incarnation: one.incarnation, ...interval(one) })),
  };
}

function intervals(all: readonly IncarnationCoverage[]): readonly object[] {
  return all.map((one) => ({ incarnation: one.incarnation, covered: one.covered.map(interval) }));
}

function interval({ from, to }: ScnInterval): object {
  return { fromScn: formatScn(from), toScn: formatScn(to) };
}
