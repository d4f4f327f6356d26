import { createRequire } from "node:module";

/** Where version 1 of ssh2 says whether its native part was loaded: it has no public way to ask. */
const PLACE = "ssh2/lib/protocol/crypto.js";

/** `native` part of ssh2, or `JavaScript` around Node's own crypto: ssh2 falls back without a word. */
export function sshCrypto(): "native" | "JavaScript" {
  const { bindingAvailable } = createRequire(import.meta.url)(PLACE) as {
    readonly bindingAvailable?: unknown;
  };
  return bindingAvailable === true ? "native" : "JavaScript";
}
