import { existsSync, readFileSync } from "node:fs";

/** A process that cannot be mistaken for another one that got its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly bootId: string;
  /** Start time in clock ticks since boot, as /proc tells it. */
  readonly started: string;
}

export function processIdentity(pid: number = process.pid): ProcessIdentity {
  return { pid, bootId: bootId(), started: startOf(pid) ?? "unknown" };
}

/** As a row of the table `lock` has it. */
export function identityOf(row: Readonly<Record<string, unknown>>): ProcessIdentity {
  return {
    pid: Number(row["pid"]),
    bootId: String(row["boot_id"]),
    started: String(row["process_started"]),
  };
}

/** False only where the process is surely gone: another boot, no such process, or its number was given away. */
export function isAlive(owner: ProcessIdentity): boolean {
  if (owner.bootId !== bootId()) return false;
  const started = startOf(owner.pid);
  if (started === undefined) return isHidden(owner.pid);
  return owner.started === "unknown" || started === owner.started;
}

/** /proc may hide the processes of other users (hidepid): one that may not be signalled is there all the same. */
function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync("/proc/self/stat");
  } catch (error) {
    return (error as { code?: unknown }).code === "EPERM";
  }
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and parentheses. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie holds nothing any more.
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
