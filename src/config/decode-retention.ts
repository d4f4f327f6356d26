import type { z } from "zod";

import type { RetentionConfig } from "../domain/fleet.ts";
import { PERIODS } from "../domain/retention.ts";
import { KEEP_RULES, type retentionSchema } from "./retention-schema.ts";

/** Undefined where nobody wrote what shall stay: then nothing is ever removed. */
export function decodeRetention(written: z.output<typeof retentionSchema>): RetentionConfig | undefined {
  if (KEEP_RULES.every((rule) => written[rule] === undefined)) return undefined;
  const keepWithinMs = written["keep-within"];
  const keep = PERIODS.flatMap((period) => {
    const wanted = written[period];
    return wanted === undefined ? [] : [[period, wanted] as const];
  });
  return {
    policy: {
      zone: written.zone,
      keep: Object.fromEntries(keep),
      ...(keepWithinMs === undefined ? {} : { keepWithinMs }),
      minimumGood: written["minimum-good"],
      minimumProven: written["minimum-proven"],
    },
    protectMs: written.protect,
    graceMs: written.grace,
    afterRefresh: written["after-refresh"],
  };
}
