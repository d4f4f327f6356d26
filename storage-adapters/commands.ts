import { quoted } from "../src/domain/shell-word.ts";
import { UmbraError } from "../src/errors/umbra-error.ts";
import type { Host } from "../src/ports/host.ts";
import type { CallLimits } from "./contract.ts";

/** All that an adapter needs of a machine, so that it works here and through ssh alike. */
export type StorageHost = Pick<Host, "name" | "run">;

export interface CommandResult {
  readonly status: number;
  readonly stdout: Buffer;
  /** Standard error on one line. */
  readonly said: string;
}

/** Runs programs for one call of an adapter: all of them share the call's deadline. */
export interface Commands {
  /** The storage's own programs run as another user. */
  readonly becomes: boolean;
  /** What it printed; UMB-6309 where it ended with another status than 0. */
  output(argv: readonly string[], options?: CommandOptions): Promise<string>;
  /** For programs whose failure means something. */
  attempt(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** A fixed script of a POSIX shell; what varies are its arguments, `$1` and on. */
  shell(script: string, args: readonly string[]): Promise<CommandResult>;
}

export interface CommandOptions {
  readonly input?: string;
  readonly maxOutputBytes?: number;
}

export interface CommandSetting {
  readonly storage: string;
  readonly host: StorageHost;
  /** Stands before the storage's own program, which may need root: `["sudo", "-n"]`. It must keep LC_ALL and TZ. */
  readonly prefix?: readonly string[];
}

/** 1,000 snapshots with all their properties are less than 1 MiB. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
/** Messages are compared and times are read, so language and zone are fixed. */
const ENVIRONMENT = ["LC_ALL=C", "TZ=UTC0"];

export function commandsFor(setting: CommandSetting, limits: CallLimits): Commands {
  const { storage, host } = setting;
  const end = performance.now() + limits.deadlineMs;
  const run = async (argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> => {
    const { input, maxOutputBytes = MAX_OUTPUT_BYTES } = options;
    const { status, signal, stdout, stderr } = await host.run(argv, {
      // What is left of the call's time. A host takes no deadline of 0.
      deadlineMs: Math.max(1, Math.floor(end - performance.now())),
      ...(limits.signal === undefined ? {} : { signal: limits.signal }),
      ...(input === undefined ? {} : { input }),
      maxOutputBytes,
    });
    const said = stderr
      .toString()
      .trim()
      .replaceAll(/\s*\n\s*/g, "; ");
    if (status === undefined) throw failed(storage, argv, 128, `killed by ${signal}`);
    // 126 and 127 come from `env` or the shell: the program itself never ran.
    if (status === 126 || status === 127) throw new UmbraError("UMB-6310", { storage, seen: said });
    return { status, stdout, said };
  };
  const attempt: Commands["attempt"] = (argv, options) => run(["env", ...ENVIRONMENT, ...argv], options);
  return {
    becomes: (setting.prefix ?? []).length > 0,
    attempt,
    shell: (script, args) =>
      run(["sh", "-c", `export ${ENVIRONMENT.join(" ")}\n${script}`, "umbra", ...args]),
    output: async (argv, options) => {
      const { status, stdout, said } = await attempt(argv, options);
      if (status !== 0) throw failed(storage, argv, status, said);
      return stdout.toString();
    },
  };
}

/** The command line of the storage's own program. */
export function privileged({ prefix = [] }: CommandSetting, argv: readonly string[]): readonly string[] {
  return [...prefix, ...argv];
}

/** The same for a person's shell. */
export function privilegedLine(setting: CommandSetting, argv: readonly string[]): string {
  return privileged(setting, argv)
    .map((word) => (/^[A-Za-z0-9_./:=@+-]+$/.test(word) ? word : quoted(word)))
    .join(" ");
}

export function failed(storage: string, argv: readonly string[], status: number, said: string): UmbraError {
  // Paths of thousands of files do not belong in a message.
  const command = argv.length > 12 ? `${argv.slice(0, 12).join(" ")} ...` : argv.join(" ");
  if (/no space left on device|out of space|disk quota exceeded/i.test(said)) {
    return new UmbraError("UMB-6304", { storage, what: command, said });
  }
  return new UmbraError("UMB-6309", { storage, command, status, said });
}

/** Command lines over ssh are one word for the kernel, which ends at 128 KiB. */
const MAX_ARGUMENT_BYTES = 48 * 1024;

/** Arguments in order, in portions that fit one command line. */
export function* portions(words: readonly string[]): Generator<readonly string[]> {
  let portion: string[] = [];
  let bytes = 0;
  for (const word of words) {
    if (portion.length > 0 && bytes + Buffer.byteLength(word) > MAX_ARGUMENT_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(word);
    bytes += Buffer.byteLength(word) + 3;
  }
  if (portion.length > 0) yield portion;
}
