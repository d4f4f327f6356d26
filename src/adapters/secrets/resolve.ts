import { posix } from "node:path";

import type { SecretReference } from "../../domain/fleet.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { printedSecret } from "./printed-secret.ts";
import { readSecretFile } from "./secret-file.ts";

export interface SecretSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** User id of the agent's process; undefined where the system has none. */
  readonly uid: number | undefined;
  readonly deadlineMs: number;
}

/**
 * The secret behind a reference, read anew at each call: a rotated password works without a restart.
 * Errors (UMB-21xx) name the reference and never hold any part of what was read.
 */
export async function resolveSecret(reference: SecretReference, around: SecretSurroundings): Promise<string> {
  switch (reference.from) {
    case "credential":
      return usable(`the credential ${reference.name}`, await credential(reference.name, around));
    case "file":
      return usable(reference.path, await readSecretFile(reference.path, { ...around, strict: true }));
    case "env": {
      const value = around.env[reference.variable];
      if (value === undefined) throw new UmbraError("UMB-2105", { variable: reference.variable });
      return usable(`the environment variable ${reference.variable}`, value);
    }
    case "exec":
      return usable(`the output of ${reference.argv[0] ?? ""}`, await printedSecret(reference.argv, around));
  }
}

/** systemd hands credentials over with an ACL, so that the group bits of their mode say nothing. */
function credential(name: string, around: SecretSurroundings): Promise<string> {
  const directory = around.env["CREDENTIALS_DIRECTORY"];
  if (directory === undefined || directory === "") throw new UmbraError("UMB-2101", { name });
  return readSecretFile(posix.join(directory, name), { ...around, strict: false });
}

/** Editors and `echo` end a file with a newline, which is no part of the password. */
function usable(source: string, text: string): string {
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "") throw new UmbraError("UMB-2107", { source, reason: "it is empty" });
  if (/[\n\r\0]/.test(secret))
    throw new UmbraError("UMB-2107", { source, reason: "it has more than one line" });
  return secret;
}
