import { z } from "zod";

/** `kind: reflink` in the configuration. */
export const reflinkSettings = z.strictObject({
  kind: z.literal("reflink"),
  /**
   * Where snapshots are kept, on the file system of the files. Without it: `.umbra-snapshots` at the top of each file
   * system. Must exist.
   */
  directory: z.string().startsWith("/").optional(),
});

export type ReflinkSettings = z.infer<typeof reflinkSettings>;
