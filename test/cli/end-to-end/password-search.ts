import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { PASSWORD } from "../../rigs/database-user.ts";

/** Files below a directory that hold the password. */
export function leaks(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(PASSWORD));
}

/** What `ps` shows of a process that runs: its command line and its environment, in parts. */
export function shown(pid: number): readonly string[] {
  return ["cmdline", "environ"].flatMap((name) => readFileSync(`/proc/${pid}/${name}`, "latin1").split("\0"));
}

/** Processes that a process has started, and theirs. */
export function startedBy(pid: number): readonly number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...startedBy(child)]);
}

/** undefined where it has ended meanwhile. proc(5): the name before it, in brackets, may hold anything. */
function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
