import { Command, CommanderError, Option } from "commander";

import { UmbraError } from "../errors/umbra-error.ts";
import type { Perform } from "./command.ts";
import { commands } from "./commands.ts";
import { CommandContext, type GlobalOptions } from "./context.ts";
import { type CommandResult, OUTPUT_FORMATS } from "./result.ts";
import type { Surroundings } from "./surroundings.ts";

export interface Ran {
  /** undefined after `--help` and `--version`, whose text is in `printed`. */
  readonly result: CommandResult | undefined;
  readonly globals: GlobalOptions;
  readonly printed: string;
}

/**
 * Parses the arguments (without node and script) and runs the command they name.
 * Throws what the command throws, and UMB-2001 for arguments that make no sense.
 */
export async function runProgram(argv: readonly string[], around: Surroundings): Promise<Ran> {
  let result: CommandResult | undefined;
  let printed = "";
  const perform: Perform =
    (action) =>
    async (...args) => {
      const context = new CommandContext(globalsOf(program), around);
      result = await action(context, ...args);
    };
  const program = declaredProgram(around.version, perform);
  quieten(program, (text) => (printed += text));
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, argv);
  }
  return { result, globals: globalsOf(program), printed };
}

/** Which format errors must have, known also where the arguments cannot be parsed. */
export function wantedFormat(argv: readonly string[]): GlobalOptions["output"] {
  const index = argv.findLastIndex((argument) => /^--output(=|$)/.test(argument));
  const value = argv[index]?.split("=")[1] ?? argv[index + 1];
  return index === -1 ? "table" : (OUTPUT_FORMATS.find((format) => format === value) ?? "table");
}

/** Every command with its options. */
export function declaredProgram(version: string, perform: Perform): Command {
  const program = new Command("umbra")
    .description("User-managed backup and restore of Oracle databases")
    .addOption(
      new Option("--output <format>", "what standard output gets").choices(OUTPUT_FORMATS).default("table"),
    )
    .option("--config <path>", "configuration file (default: $UMBRA_CONFIG, then /etc/umbra/umbra.yaml)")
    .option("--no-color", "no colours; the same as NO_COLOR=1")
    .version(version, "--version", "print the version")
    .helpCommand(false)
    .showSuggestionAfterError();
  for (const declare of commands) declare(program, perform);
  return program;
}

function globalsOf(program: Command): GlobalOptions {
  return program.opts<GlobalOptions>();
}

/** Commander prints and exits by itself unless every command is told not to. */
function quieten(command: Command, print: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeOut: print, writeErr: () => {}, outputError: () => {} });
  for (const child of command.commands) quieten(child, print);
}

function usageError(error: CommanderError, argv: readonly string[]): UmbraError {
  const missingCommand = error.code === "commander.help";
  const message = missingCommand
    ? `which command? ${argv.join(" ")}`.trimEnd()
    : error.message.replace(/^error: /, "");
  return new UmbraError("UMB-2001", { message: message.replaceAll("\n", " "), command: argv[0] ?? "" });
}
