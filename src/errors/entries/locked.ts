import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-8xxx: somebody else is at work, or work was left open. */
export const lockedErrors = {
  "UMB-8001": entry<{ database: string; run: string; pid: number; since: string }>(
    exitClass.locked,
    (c) => `${c.database}: run ${c.run} is at work (process ${c.pid}, since ${c.since})`,
    "wait for it, or stop that process with SIGTERM: it ends backup mode first",
  ),
  "UMB-8002": entry<{ database: string; runs: readonly string[] }>(
    exitClass.locked,
    (c) => `${c.database}: an interrupted run left its journal open: ${c.runs.join(", ")}`,
    "run `umbra reconcile`",
  ),
  "UMB-8003": entry<{ path: string; found: number; known: number }>(
    exitClass.locked,
    (c) => `${c.path} has schema ${c.found}; this umbra knows up to ${c.known}`,
    "a newer umbra wrote it: use that version",
  ),
  "UMB-8004": entry<{ path: string; problem: string }>(
    exitClass.locked,
    (c) => `the state ${c.path} cannot be opened: ${c.problem}`,
    "check the directory's owner, mode and free space; `umbra catalog rebuild` restores a lost catalog",
  ),
  "UMB-8005": entry<{ seen: string }>(
    exitClass.locked,
    (c) => c.seen,
    "put right what is named, then run `umbra reconcile` again",
  ),
  "UMB-8006": entry<{ path: string; problem: string }>(
    exitClass.locked,
    (c) => `the state ${c.path} cannot be read or written: ${c.problem}`,
    "check free space, owner and mode of its directory, then run `umbra reconcile`",
  ),
} as const;
