import { z } from "zod";

/** Words before each call of the storage's program: `[sudo, -n]`. */
export const prefixWords = z
  .array(z.string({ error: "must be a text" }).min(1, { error: "must not be empty" }), {
    error: "must be a list: the program and its arguments",
  })
  .describe("Words before each call of the storage's program, which may need root: [sudo, -n].");

export const absoluteDirectory = z
  .string({ error: "must be a text" })
  .startsWith("/", { error: "must be an absolute path" });
