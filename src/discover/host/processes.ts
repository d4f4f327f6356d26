import type { FilePath } from "../../domain/names.ts";
import { withoutSlash } from "../../domain/oracle-command.ts";
import { type InstanceKind, PMON_PREFIX, pmonOf } from "../../domain/pmon.ts";

export interface PmonProcess {
  readonly pid: number;
  readonly sid: string;
  readonly kind: InstanceKind;
  /** From its environment or its program; undefined where this account may look at neither. */
  readonly home: FilePath | undefined;
  readonly owner: string | undefined;
}

export interface ListenerProcess {
  readonly pid: number;
  /** LISTENER unless another was started. */
  readonly name: string;
  readonly home: FilePath | undefined;
  readonly owner: string | undefined;
}

export interface OracleProcesses {
  readonly pmons: readonly PmonProcess[];
  readonly listeners: readonly ListenerProcess[];
}

/**
 * For /bin/sh on Linux: every process with such a name among its words, told line by line. One grep looks at all of them,
 * because a program for each is slow where thousands run. What may not be read is left out.
 */
export const PROCESS_SCRIPT = `
find /proc -maxdepth 2 -path '/proc/[0-9]*/cmdline' \\
  -exec grep -lszE '^${PMON_PREFIX}|/tnslsnr$' {} + 2>/dev/null |
while IFS= read -r file; do
  dir=\${file%/cmdline}
  {
    echo "process \${dir#/proc/}"
    echo "owner $(stat -c %U "$dir")"
    tr '\\000' '\\n' <"$file" | sed 's/^/word /'
    tr '\\000' '\\n' <"$dir/environ" | sed -n 's/^ORACLE_HOME=/home /p'
    echo "program $(readlink "$dir/exe")"
  } 2>/dev/null
done
exit 0
`;

interface Told {
  readonly pid: number;
  readonly words: string[];
  owner?: string;
  home?: string;
  program?: string;
}

/** What the script printed. Processes that only have such a name as an argument are left out. */
export function parseProcesses(text: string): OracleProcesses {
  const pmons: PmonProcess[] = [];
  const listeners: ListenerProcess[] = [];
  for (const told of toldProcesses(text)) {
    const [first = "", second] = told.words;
    const { pid, owner } = told;
    const pmon = pmonOf(first.trim());
    if (pmon !== undefined) pmons.push({ pid, owner, ...pmon, home: homeOf(told, /^(\/.+)\/bin\/[^/]+$/u) });
    else if (/^\/.*\/bin\/tnslsnr$/u.test(first))
      listeners.push({ pid, owner, name: nameOf(second), home: homeOf(told, /^(\/.+)\/bin\/tnslsnr$/u) });
  }
  return { pmons, listeners };
}

function toldProcesses(text: string): readonly Told[] {
  const processes: Told[] = [];
  for (const line of text.split("\n")) {
    const [, key = "", value = ""] = /^(\w+) (.*)$/u.exec(line) ?? [];
    if (key === "process") processes.push({ pid: Number(value), words: [] });
    const current = processes.at(-1);
    if (current === undefined || value === "") continue;
    if (key === "word") current.words.push(value);
    else if (key === "owner" || key === "home" || key === "program") current[key] = value;
  }
  return processes.filter(({ pid }) => Number.isSafeInteger(pid) && pid > 0);
}

/** The program that runs says it best; in a simulated home, and where it was replaced by a patch, the environment. */
function homeOf({ home, program = "", words }: Told, pattern: RegExp): FilePath | undefined {
  const own = program.replace(/ \(deleted\)$/u, "");
  const runs = /\/bin\/(oracle|tnslsnr)$/u.test(own) ? pattern.exec(own)?.[1] : undefined;
  const found =
    runs ?? (home?.startsWith("/") === true ? home : undefined) ?? pattern.exec(words[0] ?? "")?.[1];
  return found === undefined ? undefined : withoutSlash(found);
}

function nameOf(word: string | undefined): string {
  return word === undefined || word.startsWith("-") ? "LISTENER" : word.toUpperCase();
}
