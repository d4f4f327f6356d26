import { discoverHost, type HostQuestion } from "../../../../src/discover/host/discover-host.ts";
import type { HostReport } from "../../../../src/discover/host/found.ts";
import { usualPlaces } from "../../../../src/discover/host/hear.ts";
import type { LookedAt } from "../../../../src/discover/host/host-look.ts";
import { PROCESS_SCRIPT } from "../../../../src/discover/host/processes.ts";
import { instant } from "../../../../src/domain/instant.ts";
import type { RunResult } from "../../../../src/ports/host.ts";

/** A host that is only told: files by path, and what programs print, by their command line without its environment. */
export interface ToldHost {
  /** Absent: nothing there. A directory is a path below which something is. */
  readonly files?: Readonly<Record<string, string>>;
  /** Text, an exit status with text, or what is thrown. Absent: 127. */
  readonly programs?: Readonly<Record<string, string | readonly [number, string] | Error>>;
}

/** What was run, in order. */
export function toldHost({
  files = {},
  programs = {},
}: ToldHost): LookedAt & { readonly ran: readonly string[] } {
  const ran: string[] = [];
  return {
    name: "db1",
    ran,
    stat: async (path) => {
      const kind = files[path] === undefined ? "directory" : "file";
      const there = Object.keys(files).some((one) => one === path || one.startsWith(`${path}/`));
      return there ? { kind, bytes: 1, modifiedAt: instant(0), device: "1", mode: 0o755 } : undefined;
    },
    read: async (path) => Buffer.from(files[path] ?? ""),
    run: async (argv) => {
      const line = commandOf(argv);
      ran.push(line);
      const said = programs[line] ?? [127, `${line}: not found`];
      if (said instanceof Error) throw said;
      const [status, text] = typeof said === "string" ? [0, said] : said;
      return result(status, text);
    },
  };
}

export async function discovered(host: ToldHost, more: Partial<HostQuestion> = {}): Promise<HostReport> {
  return await discoverHost({
    name: "db1",
    host: toldHost(host),
    places: usualPlaces,
    umbra: undefined,
    deadlineMs: 1000,
    signal: new AbortController().signal,
    ...more,
  });
}

function commandOf(argv: readonly string[]): string {
  if (argv[0] === "sh") return argv[2] === PROCESS_SCRIPT ? "processes" : "id";
  if (argv[0] !== "/usr/bin/env") return argv.join(" ");
  return argv.slice(argv.findIndex((word) => word.startsWith("/") && word !== "/usr/bin/env")).join(" ");
}

function result(status: number, text: string): RunResult {
  return { status, signal: undefined, stdout: Buffer.from(text), stderr: Buffer.alloc(0) };
}
