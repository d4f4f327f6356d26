import { z } from "zod";

import { prefixWords } from "../setting-values.ts";

/** `kind: btrfs` in the configuration. */
export const btrfsSettings = z.strictObject({
  kind: z.literal("btrfs"),
  /** `btrfs` must see all subvolumes. */
  prefix: prefixWords.optional(),
});

export type BtrfsSettings = z.infer<typeof btrfsSettings>;
