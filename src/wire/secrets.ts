import { resolveSecret } from "../adapters/secrets/resolve.ts";
import type { SecretReference } from "../domain/fleet.ts";

/** Makes of a reference a function that reads the secret when it is needed; nothing keeps what it gives. */
export type Secrets = (reference: SecretReference, deadlineMs: number) => () => Promise<string>;

export function secretsOf(process: Pick<NodeJS.Process, "env" | "getuid">): Secrets {
  return (reference, deadlineMs) => () =>
    resolveSecret(reference, { env: process.env, uid: process.getuid?.(), deadlineMs });
}
