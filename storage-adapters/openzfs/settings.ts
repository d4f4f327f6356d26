import { z } from "zod";

import { absoluteDirectory, prefixWords } from "../setting-values.ts";

/** `kind: openzfs` in the configuration: OpenZFS and zfs-fuse. */
export const openZfsSettings = z.strictObject({
  kind: z.literal("openzfs"),
  prefix: prefixWords.optional(),
  "mount-directory": absoluteDirectory
    .default("/run/umbra/zfs")
    .describe("Where clones are mounted, each in a directory of its own."),
});

export type OpenZfsSettings = z.infer<typeof openZfsSettings>;
