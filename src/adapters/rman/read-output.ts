import type { RmanEvent, RmanProblem } from "../../ports/rman.ts";
import { failureClass, FRAMES, LOST } from "./failure-class.ts";

/** Output of one run of RMAN. */
export interface RmanOutput {
  readonly events: readonly RmanEvent[];
  /** The last error stack. */
  readonly problem?: RmanProblem;
  /** `Recovery Manager complete.` was its last word. */
  readonly complete: boolean;
}

const END = "Recovery Manager complete.";
const STACK = /^RMAN-00569: /u;
const CODE = /^\s*((?:RMAN|ORA)-\d{5}): ?/u;

/** Reads whatever RMAN has printed, with `msgno` or without. Never throws: lines that are not known are left out. */
export function readOutput(text: string): RmanOutput {
  const lines = text.split(/\r?\n/u).map((line) => line.trim());
  const events: RmanEvent[] = [];
  let stack: string[] | undefined;
  let problem: RmanProblem | undefined;
  const close = () => {
    problem = problemOf(stack ?? []) ?? problem;
    stack = undefined;
  };
  for (const line of lines) {
    if (STACK.test(line)) {
      close();
      stack = [];
    } else if (stack !== undefined && line !== "" && line !== END) stack.push(line);
    else {
      if (stack !== undefined) close();
      const event = eventOf(line);
      if (event !== undefined) events.push(event);
    }
  }
  close();
  const complete = lines.findLast((line) => line !== "") === END;
  return { events, complete, ...(problem === undefined ? {} : { problem }) };
}

function problemOf(stack: readonly string[]): RmanProblem | undefined {
  const codes = stack.flatMap((line) => CODE.exec(line)?.[1] ?? []);
  const own = codes.filter((code) => code !== "RMAN-00571" && code !== "RMAN-00569");
  if (own.length === 0) return undefined;
  const said = stack.filter((line) => !FRAMES.has(CODE.exec(line)?.[1] ?? ""));
  const framesOnly = stack.filter((line) => !line.startsWith("RMAN-00571"));
  const text = (said.length > 0 ? said : framesOnly).join("; ");
  return { codes: own, ...failureClass(own, text), text, lost: own.some((code) => LOST.has(code)) };
}

type Reader = (found: Readonly<Record<string, string>>) => RmanEvent;

/** Sentences of RMAN, 11.2 to 23ai. `name` groups are read where the sentence has them. */
const sentences: readonly (readonly [pattern: RegExp, read: Reader])[] = [
  [/^connected to target database: .*\(DBID=(?<dbid>\d+)/u, ({ dbid }) => ({ kind: "connected", dbid })],
  [/^connected to target database \(not started\)/u, () => ({ kind: "connected", dbid: undefined })],
  [/^Starting (?<command>.+?) at \S/u, ({ command = "" }) => ({ kind: "command-started", command })],
  [/^Finished (?<command>.+?) at \S/u, ({ command = "" }) => ({ kind: "command-finished", command })],
  [/^allocated channel: (?<channel>\S+)$/u, ({ channel = "" }) => ({ kind: "channel-started", channel })],
  [/^released channel: (?<channel>\S+)$/u, ({ channel = "" }) => ({ kind: "channel-released", channel })],
  [
    /^input datafile (?:file number|fno)=(?<file>\d+) name=(?<path>.+)$/u,
    ({ file, path = "" }) => ({ kind: "datafile", file: Number(file), path }),
  ],
  [
    /^no parent backup or copy of datafile (?<file>\d+) found$/u,
    ({ file }) => ({ kind: "no-parent", file: Number(file) }),
  ],
  [
    /^no copy of datafile (?<file>\d+) found to recover$/u,
    ({ file }) => ({ kind: "nothing-to-recover", file: Number(file) }),
  ],
  [
    /^recovering datafile copy (?:file number|fno)=(?<file>\d+) name=(?<path>.+)$/u,
    ({ file, path = "" }) => ({ kind: "copy-recovering", file: Number(file), path }),
  ],
  [
    /^output file name=(?<path>.+?)(?: tag=(?<tag>.*?))?(?: RECID=\d+ STAMP=\d+)?$/u,
    ({ path = "", tag }) => ({ kind: "copy-written", path, tag }),
  ],
  [
    /^piece handle=(?<handle>.+?)(?: tag=(?<tag>.*?))? comment=.*$/u,
    ({ handle = "", tag }) => ({ kind: "piece-written", handle, tag }),
  ],
  [
    /^channel \S+: piece handle=(?<handle>.+?)(?: tag=(?<tag>\S.*))?$/u,
    ({ handle = "", tag }) => ({ kind: "piece-applied", handle, tag }),
  ],
  [
    /^channel (?<channel>\S+): .*, elapsed time: (?<h>\d+):(?<m>\d\d):(?<s>\d\d)$/u,
    ({ channel = "", h, m, s }) => ({
      kind: "elapsed",
      channel,
      seconds: Number(h) * 3600 + Number(m) * 60 + Number(s),
    }),
  ],
  [
    /^CONFIGURE SNAPSHOT CONTROLFILE NAME TO '(?<path>.+)';(?<note> # default)?$/u,
    ({ path = "", note }) => ({ kind: "snapshot-controlfile", path, isDefault: note !== undefined }),
  ],
  [
    /^backup piece handle=(?<handle>.+) RECID=\d+ STAMP=\d+$/u,
    ({ handle = "" }) => ({ kind: "piece-deleted", handle }),
  ],
];

const WARNING = /^(?<code>RMAN-\d{5}): WARNING: (?<text>.*)$/iu;

function eventOf(line: string): RmanEvent | undefined {
  const warning = WARNING.exec(line)?.groups;
  if (warning !== undefined)
    return { kind: "warning", code: warning["code"] ?? "", text: warning["text"] ?? "" };
  // With msgno every sentence has its number, and means the same.
  const sentence = line.replace(/^RMAN-\d{5}: /u, "");
  for (const [pattern, read] of sentences) {
    const found = pattern.exec(sentence);
    if (found !== null) return read(found.groups ?? {});
  }
  return undefined;
}
