import type { Host } from "../ports/host.ts";

/** What a far side may be allowed to do: `umbra remote --allow copy,verify`. */
export const callGroups = ["files", "copy", "verify", "run"] as const;
export type CallGroup = (typeof callGroups)[number];

export interface Call {
  readonly group: CallGroup;
  /** As the local host names it in its errors. */
  readonly operation: string;
}

export type CallName = Exclude<keyof Host, "name">;

/**
 * Everything that one side may ask the other: the methods of the port `Host`, by their names. Arguments and results are
 * plain data and bytes; the last argument is an object and may hold `signal` and `onProgress`, which travel as messages.
 * The one place to add a call.
 */
export const calls = {
  stat: { group: "files", operation: "stat" },
  list: { group: "files", operation: "list" },
  read: { group: "files", operation: "read" },
  writeAtomically: { group: "files", operation: "write" },
  append: { group: "files", operation: "append" },
  publish: { group: "files", operation: "publish" },
  makeDirectory: { group: "files", operation: "make directory" },
  remove: { group: "files", operation: "remove" },
  freeBytes: { group: "files", operation: "statfs" },
  mounts: { group: "files", operation: "read mounts" },
  run: { group: "run", operation: "run" },
  copy: { group: "copy", operation: "copy" },
  forward: { group: "copy", operation: "copy forward" },
  refresh: { group: "copy", operation: "refresh" },
  verify: { group: "verify", operation: "verify" },
} as const satisfies Readonly<Record<CallName, Call>>;

export function callOf(name: string): Call | undefined {
  return Object.hasOwn(calls, name) ? calls[name as CallName] : undefined;
}
