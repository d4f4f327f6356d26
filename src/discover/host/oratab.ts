import type { FilePath } from "../../domain/names.ts";
import { withoutSlash } from "../../domain/oracle-command.ts";

/** A line of oratab: `SID:ORACLE_HOME:FLAG`, with a comment behind it or not. */
export interface OratabEntry {
  /** A SID; where clusterware wrote the line, the DB_UNIQUE_NAME; `*` for a home without a database. */
  readonly name: string;
  readonly home: FilePath;
  /** What starts at boot: Y, N, or W (started by clusterware, waits for ASM). undefined where the line has none. */
  readonly flag: string | undefined;
  /** From 1. */
  readonly line: number;
}

export interface Oratab {
  readonly entries: readonly OratabEntry[];
  /** Numbers of the lines that are neither an entry nor a comment. */
  readonly unreadable: readonly number[];
}

/** Reads an oratab; anything at all may be in it. Format: the file's own comments, and the administrator's reference for UNIX. */
export function parseOratab(text: string): Oratab {
  const entries: OratabEntry[] = [];
  const unreadable: number[] = [];
  for (const [index, raw] of text.split(/\r?\n/u).entries()) {
    const line = raw.replace(/\s*#.*$/u, "").trim();
    if (line === "") continue;
    const [, name, home, flag] =
      /^([^\s:]+)\s*:\s*(\/[^:]*?)\s*(?::\s*([A-Za-z]?)\s*(?::.*)?)?$/u.exec(line) ?? [];
    if (name === undefined || home === undefined) unreadable.push(index + 1);
    else
      entries.push({
        name,
        home: withoutSlash(home),
        flag: flag?.toUpperCase() || undefined,
        line: index + 1,
      });
  }
  return { entries, unreadable };
}
