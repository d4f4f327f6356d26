import { OraError } from "../../engine/ora-error.ts";

/** A stack as the client prints it: the frame first, the cause last. `severe`: no command after it is run. */
export class RmanError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "RmanError";
    this.lines = lines;
  }
}

export const rmanLine = (code: number, text: string): string =>
  `RMAN-${String(code).padStart(5, "0")}: ${text}`;

/** A refusal of the client itself, to stand below the frame of its command. */
export function refused(code: number, text: string): RmanError {
  return new RmanError([rmanLine(code, text)]);
}

/** RMAN-00558: the script is not understood from here on. */
export function syntaxError(found: string, script: string, at: number): RmanError {
  const before = script.slice(0, at).split("\n");
  const [column, row] = [(before.at(-1)?.length ?? 0) + 1, before.length];
  return new RmanError([
    rmanLine(558, "error encountered while parsing input commands"),
    rmanLine(1009, `syntax error: found "${found === "" ? "end-of-file" : found}"`),
    rmanLine(1007, `at line ${row} column ${column} file: command file`),
  ]);
}

/** What a command ended with, in its frame. `channel` where a server process said it. */
export function framed(command: string, error: unknown, at: string, channel?: string): RmanError {
  if (error instanceof RmanError && error.lines[0]?.startsWith("RMAN-030") === true) return error;
  const cause = error instanceof RmanError ? error.lines : oracleLines(error);
  const frame =
    channel === undefined
      ? rmanLine(3002, `failure of ${command} command at ${at}`)
      : rmanLine(3009, `failure of ${command} command on ${channel} channel at ${at}`);
  return new RmanError([frame, ...cause]);
}

function oracleLines(error: unknown): readonly string[] {
  if (error instanceof OraError) return error.message.split("\n");
  throw error;
}

export function stackText(lines: readonly string[]): string {
  const rule = rmanLine(571, "=".repeat(59));
  const title = rmanLine(569, `${"=".repeat(15)} ERROR MESSAGE STACK FOLLOWS ${"=".repeat(15)}`);
  return `${[rule, title, rule, ...lines].join("\n")}\n`;
}
