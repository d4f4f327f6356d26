import type { ConnectConfig } from "ssh2";

import { type HostAddress, hostAddressText } from "../../domain/host-address.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { fingerprintOf, type HostKeyBlob, typeOf } from "./host-key.ts";
import { judgeHostKey, type KnownHost, knownTypes } from "./known-hosts.ts";

/** By type of key; ssh-rsa with SHA-1 and ssh-dss are not spoken. */
const ALGORITHMS = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
} as const;

type HostKeyAlgorithm = (typeof ALGORITHMS)[keyof typeof ALGORITHMS][number];

/** Types with a known key first: a server that has one of them must show it. */
function hostKeyAlgorithms(address: HostAddress, known: readonly KnownHost[]): HostKeyAlgorithm[] {
  const first = knownTypes(address, known);
  const types = Object.keys(ALGORITHMS) as (keyof typeof ALGORITHMS)[];
  const ordered = [
    ...types.filter((type) => first.includes(type)),
    ...types.filter((type) => !first.includes(type)),
  ];
  return ordered.flatMap((type) => [...ALGORITHMS[type]]);
}

/** undefined: this is the host. Else why it is not, or may not be. */
export function hostKeyProblem(
  address: HostAddress,
  key: HostKeyBlob,
  known: readonly KnownHost[],
): UmbraError | undefined {
  const shown = { host: hostAddressText(address), type: typeOf(key), fingerprint: fingerprintOf(key) };
  const judged = judgeHostKey(address, key, known);
  switch (judged.verdict) {
    case "known":
      return undefined;
    case "unknown":
      return new UmbraError("UMB-7213", shown);
    case "changed":
      return new UmbraError("UMB-7214", { ...shown, known: judged.known });
    case "revoked":
      return new UmbraError("UMB-7215", { ...shown, place: judged.place });
  }
}

/** The part of a connection's settings that asks `accept` about the key the server proves to have. */
export function hostKeySettings(
  address: HostAddress,
  known: readonly KnownHost[],
  accept: (key: HostKeyBlob) => boolean,
): Pick<ConnectConfig, "algorithms" | "hostVerifier"> {
  return {
    algorithms: { serverHostKey: hostKeyAlgorithms(address, known) },
    hostVerifier: (key: Buffer) => accept(key),
  };
}
