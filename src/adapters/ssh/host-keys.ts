import { isUmbraError } from "../../errors/umbra-error.ts";
import type { FilePath } from "../../domain/names.ts";
import type { HostKeys, ShownHostKey } from "../../ports/host-keys.ts";

import { fingerprintOf, typeOf } from "./host-key.ts";
import { hostKeyProblem, hostKeySettings } from "./host-key-check.ts";
import { addKnownHost, readKnownHosts } from "./known-hosts-files.ts";
import { ready } from "./ready.ts";

/** `own` is the file that gets the keys; `others` are only read. Contract: `HostKeys`. */
export function createHostKeys(own: FilePath, others: readonly FilePath[]): HostKeys {
  return {
    ask: async (address, { deadlineMs, signal }) => {
      const known = await readKnownHosts([own, ...others], deadlineMs);
      signal?.throwIfAborted();
      const { promise: shown, resolve, reject } = Promise.withResolvers<Buffer>();
      // The key is all that is wanted: the connection ends with it, before any login.
      const settings = hostKeySettings(address, known, (key) => {
        resolve(key);
        return false;
      });
      const cancel = () => reject(signal?.reason);
      signal?.addEventListener("abort", cancel, { once: true });
      ready(address, { ...settings, username: "umbra", authHandler: ["none"] }, deadlineMs).catch(reject);
      try {
        return shownKey(await shown, hostKeyProblem(address, await shown, known));
      } finally {
        signal?.removeEventListener("abort", cancel);
      }
    },
    trust: (address, { key }) => addKnownHost(own, address, key),
  };
}

function shownKey(key: Buffer, problem: Error | undefined): ShownHostKey {
  const unknown = isUmbraError(problem) && problem.code === "UMB-7213";
  if (problem && !unknown) throw problem;
  return { type: typeOf(key), fingerprint: fingerprintOf(key), known: !problem, key };
}
