import type { Host } from "../../ports/host.ts";
import { type CallName, calls } from "../../remote/calls.ts";
import { performRemotely } from "./remote-call.ts";
import { RemoteSessions, type SessionsParts } from "./sessions.ts";

/**
 * A host on which umbra itself does the work, asked through `start`. Contract: `Host`; progress of a copy may leave out
 * steps, and a copy may be 64 MiB ahead of what `onProgress` took in. Also UMB-7203 for what was under way when the far
 * side died, and UMB-7221 to UMB-7225. A missed deadline or a stall costs the far side: the next call starts another, so
 * that a hung mount over there holds nothing else.
 */
export function createRemoteHost(parts: SessionsParts): Host & Disposable {
  const sessions = new RemoteSessions(parts);
  const names = Object.keys(calls) as CallName[];
  const call =
    (name: CallName) =>
    (...args: readonly unknown[]) =>
      performRemotely(sessions, parts, name, args);
  const methods = Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as Omit<
    Host,
    "name"
  >;
  return { name: parts.host, ...methods, [Symbol.dispose]: () => sessions[Symbol.dispose]() };
}
