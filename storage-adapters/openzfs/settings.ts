import { z } from "zod";

/** `kind: openzfs` in the configuration: OpenZFS and zfs-fuse. */
export const openZfsSettings = z.strictObject({
  kind: z.literal("openzfs"),
  /** Stands before each call of `zfs`: `[sudo, -n]`. */
  prefix: z.array(z.string().min(1)).optional(),
  /** Where clones are mounted, each in a directory of its own. */
  mountDirectory: z.string().startsWith("/").default("/run/umbra/zfs"),
});

export type OpenZfsSettings = z.infer<typeof openZfsSettings>;
