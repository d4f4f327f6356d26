import { posix } from "node:path";

import { z } from "zod";

const LITERAL =
  "must be a reference, never the password itself: {credential: NAME}, {file: PATH}, {env: NAME} or {exec: [PROGRAM, …]}";

const reference = z.strictObject(
  {
    credential: z
      .string({ error: "must be a text" })
      .regex(/^[A-Za-z0-9_.-]+$/, { error: "must be the plain name of a credential" })
      .describe("File in $CREDENTIALS_DIRECTORY (systemd LoadCredential=)."),
    file: z
      .string({ error: "must be a text" })
      .refine((path) => posix.isAbsolute(path), { error: "must be an absolute path" })
      .describe("File that only its owner may read."),
    env: z
      .string({ error: "must be a text" })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "must be the name of an environment variable" })
      .describe("Environment variable of the agent's process."),
    exec: z
      .array(z.string(), { error: "must be a list: the program and its arguments" })
      .refine((argv) => argv[0] !== undefined && posix.isAbsolute(argv[0]), {
        error: "must begin with the absolute path of a program",
      })
      .describe("Program that prints the password and nothing else."),
  },
  { error: (issue) => (issue.code === "invalid_type" && issue.input !== undefined ? LITERAL : undefined) },
);

/** Where the password is. Exactly one of the four. */
export const passwordReference = reference
  .partial()
  .meta({ minProperties: 1, maxProperties: 1 })
  .refine((value) => Object.keys(value).length === 1, {
    error: LITERAL.replace(", never the password itself", " of exactly one kind"),
  })
  .describe("Where the password is, never the password itself.");
