import { z } from "zod";

import { absoluteDirectory } from "../setting-values.ts";

/** `kind: reflink` in the configuration. */
export const reflinkSettings = z.strictObject({
  kind: z.literal("reflink"),
  directory: absoluteDirectory
    .optional()
    .describe(
      "Where snapshots are kept, on the file system of the files. It must exist. " +
        "Without it: .umbra-snapshots at the top of each file system.",
    ),
});

export type ReflinkSettings = z.infer<typeof reflinkSettings>;
