import { z } from "zod";

/** `kind: btrfs` in the configuration. */
export const btrfsSettings = z.strictObject({
  kind: z.literal("btrfs"),
  /** Stands before each call of `btrfs`, which must see all subvolumes: `[sudo, -n]`. */
  prefix: z.array(z.string().min(1)).optional(),
});

export type BtrfsSettings = z.infer<typeof btrfsSettings>;
