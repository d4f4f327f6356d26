import { createHmac } from "node:crypto";

import { type HostAddress, hostAddressText } from "../../domain/host-address.ts";
import { fingerprintOf, type HostKeyBlob, typeOf } from "./host-key.ts";

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  /** Patterns with `*`, `?` and `!`, or one hashed name. */
  readonly hosts: string;
  readonly key: HostKeyBlob;
  readonly revoked: boolean;
  /** `path:line`, for messages. */
  readonly place: string;
}

export type HostKeyVerdict =
  | { readonly verdict: "known" }
  | { readonly verdict: "unknown" }
  /** Other keys are known for this host. */
  | { readonly verdict: "changed"; readonly known: readonly string[] }
  | { readonly verdict: "revoked"; readonly place: string };

/** Lines that are comments, damaged, or of certificate authorities (which ssh2 cannot check) say nothing. */
export function parseKnownHosts(text: string, path: string): readonly KnownHost[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    const marker = words[0]?.startsWith("@") === true ? words.shift() : undefined;
    const [hosts = "", type, encoded = ""] = words;
    if (hosts.startsWith("#") || (marker !== undefined && marker !== "@revoked")) return [];
    const key = Buffer.from(encoded, "base64");
    if (typeOf(key) === "" || typeOf(key) !== type) return [];
    return [{ hosts, key, revoked: marker !== undefined, place: `${path}:${index + 1}` }];
  });
}

/**
 * Revoked anywhere is revoked. Any line with this very key makes it known: a host may have keys of several types, and
 * one of its keys may be known here and another there. A key of a type that no line has is changed, not unknown, where
 * lines of other types exist: the connection asks for the known types first, so the server did not have them.
 */
export function judgeHostKey(
  address: HostAddress,
  key: HostKeyBlob,
  known: readonly KnownHost[],
): HostKeyVerdict {
  const ofHost = linesOf(address, known);
  const same = ofHost.filter((line) => line.key.equals(key));
  const revoked = same.find((line) => line.revoked);
  if (revoked !== undefined) return { verdict: "revoked", place: revoked.place };
  if (same.length > 0) return { verdict: "known" };
  const others = ofHost.filter((line) => !line.revoked);
  if (others.length === 0) return { verdict: "unknown" };
  return { verdict: "changed", known: others.map((line) => `${fingerprintOf(line.key)} (${line.place})`) };
}

/** Types of the keys that are known for a host, in the order of the files. */
export function knownTypes(address: HostAddress, known: readonly KnownHost[]): readonly string[] {
  const trusted = linesOf(address, known).filter((line) => !line.revoked);
  return [...new Set(trusted.map((line) => typeOf(line.key)))];
}

function linesOf(address: HostAddress, known: readonly KnownHost[]): readonly KnownHost[] {
  const name = hostAddressText(address);
  return known.filter(({ hosts }) => (hosts.startsWith("|") ? isHashOf(hosts, name) : matches(hosts, name)));
}

/** `|1|salt|HMAC-SHA1 of the name`, both in base64. */
function isHashOf(hashed: string, name: string): boolean {
  const [, version, salt = "", digest = ""] = hashed.split("|");
  if (version !== "1") return false;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === digest;
}

/** A pattern with `!` that matches excludes the host, whatever else matches. */
function matches(patterns: string, name: string): boolean {
  const all = patterns.toLowerCase().split(",");
  if (all.some((pattern) => pattern.startsWith("!") && wild(pattern.slice(1)).test(name))) return false;
  return all.some((pattern) => !pattern.startsWith("!") && wild(pattern).test(name));
}

function wild(pattern: string): RegExp {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\/]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll(/\*+/g, ".*").replaceAll("?", ".")}$`);
}
