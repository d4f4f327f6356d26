import type { Heartbeat } from "../domain/heartbeat.ts";
import type { Instant } from "../domain/instant.ts";
import type { Scn } from "../domain/scn.ts";

/** Changes at that moment had SCNs from `from` on and at most `to`. */
export interface ScnsOfMoment {
  readonly from: Scn;
  readonly to: Scn;
}

export type ScnAt =
  /** Recovery to `from` holds nothing that came after the moment. */
  | { readonly kind: "found"; readonly scns: ScnsOfMoment }
  /** A clock that was set back passed the moment more than once: the user has to choose. In the order of the SCNs. */
  | { readonly kind: "ambiguous"; readonly choices: readonly ScnsOfMoment[] }
  | { readonly kind: "before-first" | "after-last" | "unknown" };

/**
 * Which SCNs belong to a moment, from the heartbeats of one incarnation. SCNs only grow, so it is their order that counts:
 * clocks are set back, and by hours. The moment of a heartbeat itself is that heartbeat's SCN.
 */
export function scnAt(heartbeats: readonly Heartbeat[], incarnation: string, at: Instant): ScnAt {
  const beats = ofIncarnation(heartbeats, incarnation);
  const choices: ScnsOfMoment[] = [];
  for (const [index, beat] of beats.entries()) {
    const next = beats[index + 1];
    if (beat.at === at) choices.push({ from: beat.scn, to: beat.scn });
    else if (next !== undefined && beat.at < at && at < next.at)
      choices.push({ from: beat.scn, to: next.scn });
  }
  const [only, ...others] = choices;
  if (only !== undefined) {
    return others.length === 0 ? { kind: "found", scns: only } : { kind: "ambiguous", choices };
  }
  if (beats.length === 0) return { kind: "unknown" };
  if (beats.every((beat) => at < beat.at)) return { kind: "before-first" };
  return beats.every((beat) => beat.at < at) ? { kind: "after-last" } : { kind: "unknown" };
}

/** Between which moments a change with this SCN was made; an end is absent where no heartbeat tells it. */
export function momentOf(
  heartbeats: readonly Heartbeat[],
  incarnation: string,
  scn: Scn,
): { readonly notBefore?: Instant; readonly notAfter?: Instant } {
  let before: Heartbeat | undefined;
  let after: Heartbeat | undefined;
  // In one pass: nothing is sorted for a question about two of them.
  for (const beat of heartbeats) {
    if (beat.incarnation !== incarnation) continue;
    if (beat.scn <= scn && (before === undefined || beat.scn >= before.scn)) before = beat;
    if (beat.scn >= scn && (after === undefined || beat.scn < after.scn)) after = beat;
  }
  return {
    ...(before === undefined ? {} : { notBefore: before.at }),
    ...(after === undefined ? {} : { notAfter: after.at }),
  };
}

/** By SCN; of several with the same SCN the first told is kept, because nothing was changed between them. */
function ofIncarnation(heartbeats: readonly Heartbeat[], incarnation: string): readonly Heartbeat[] {
  return heartbeats
    .filter((beat) => beat.incarnation === incarnation)
    .toSorted((a, b) => (a.scn < b.scn ? -1 : a.scn > b.scn ? 1 : 0));
}
