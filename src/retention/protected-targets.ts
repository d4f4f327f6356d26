import { coverage } from "../coverage/coverage.ts";
import { union } from "../coverage/intervals.ts";
import type { CoverageInput, IncarnationCoverage, ScnInterval } from "../domain/coverage.ts";
import type { Instant } from "../domain/instant.ts";
import { formatScn, type Scn, scn } from "../domain/scn.ts";

/** A moment at which a database was at an SCN: a heartbeat, the end of a backup. */
export interface KnownMoment {
  readonly incarnation: string;
  readonly scn: Scn;
  readonly at: Instant;
}

/** SCNs have 64 bits; those of each incarnation get an axis of their own. */
const AXIS = 1n << 64n;

/**
 * Targets of all incarnations on one axis, as far as they are not older than `from`: what must not be lost. Where nothing
 * tells how old a target is, it is taken to be young.
 */
export class ProtectedTargets {
  readonly #incarnations: readonly string[];
  readonly #youngFrom: ReadonlyMap<string, Scn>;

  constructor(
    { incarnations, current }: Pick<CoverageInput, "incarnations" | "current">,
    moments: readonly KnownMoment[],
    from: Instant,
  ) {
    this.#incarnations = incarnations.map(({ id }) => id);
    const young = this.#incarnations.flatMap((id): [string, Scn][] => {
      const since = youngFrom(id, id === current.incarnation, moments, from);
      return since === undefined ? [] : [[id, since]];
    });
    this.#youngFrom = new Map(young);
  }

  /** Of one incarnation, targets from here on are protected; undefined: none of them. */
  from(incarnation: string): Scn | undefined {
    return this.#youngFrom.get(incarnation);
  }

  in(input: CoverageInput): readonly ScnInterval[] {
    return union(coverage(input).flatMap((one) => this.#on(one)));
  }

  /** An interval of the axis, for people. */
  text({ from, to }: ScnInterval): string {
    const id = this.#incarnations[Number(from / AXIS)] ?? "?";
    const text = `SCN ${formatScn(scn(from % AXIS))} to ${formatScn(scn(to % AXIS))}`;
    return this.#incarnations.length === 1 ? text : `${text} of incarnation ${id}`;
  }

  #on({ incarnation, covered }: IncarnationCoverage): readonly ScnInterval[] {
    const since = this.#youngFrom.get(incarnation);
    const index = this.#incarnations.indexOf(incarnation);
    if (since === undefined || index < 0) return [];
    const base = AXIS * BigInt(index);
    return covered
      .filter(({ to }) => to >= since)
      .map(({ from, to }) => ({ from: scn(base + (from < since ? since : from)), to: scn(base + to) }));
  }
}

/** Undefined where all of the incarnation is older: it was left before. */
function youngFrom(
  id: string,
  isCurrent: boolean,
  moments: readonly KnownMoment[],
  from: Instant,
): Scn | undefined {
  const own = moments.filter((one) => one.incarnation === id);
  // No arguments of one call: there may be more than it takes.
  const last = own.reduce((latest, { at }) => Math.max(latest, at), -Infinity);
  const wasLeft = moments.some((one) => one.incarnation !== id && one.at > last && one.at <= from);
  if (!isCurrent && own.length > 0 && wasLeft) return undefined;
  // By SCN, as time really went: after a clock that was set back nothing is old that followed something young.
  const inOrder = own.toSorted((a, b) => (a.scn < b.scn ? -1 : a.scn > b.scn ? 1 : 0));
  const firstYoung = inOrder.findIndex(({ at }) => at > from);
  const old = firstYoung < 0 ? inOrder : inOrder.slice(0, firstYoung);
  return old.at(-1)?.scn ?? scn(0);
}
