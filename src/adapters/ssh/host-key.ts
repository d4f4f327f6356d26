import { createHash } from "node:crypto";

/** A public key as it goes over the wire: its type, then what the type needs, each with its length before it. */
export type HostKeyBlob = Buffer;

/** As `ssh-keygen -l` prints it. */
export function fingerprintOf(key: HostKeyBlob): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** `ssh-ed25519` and the like; empty for bytes that are no key. */
export function typeOf(key: HostKeyBlob): string {
  if (key.length < 4) return "";
  const length = key.readUInt32BE(0);
  return length > 64 ? "" : key.toString("latin1", 4, 4 + length);
}
