import type { Command } from "commander";

import type { CommandContext } from "./context.ts";
import type { CommandResult } from "./result.ts";

/** Adds one command to its parent. One file a command, all listed in `commands.ts`. */
export type Declare = (program: Command, perform: Perform) => void;

/** Wraps what a command does for commander, which calls it with the arguments and then the options. */
export type Perform = <A extends unknown[]>(
  action: (context: CommandContext, ...args: A) => Promise<CommandResult>,
) => (...args: A) => Promise<void>;

/** The command that groups others (`config`, `backup`, `catalog`), made where it is first asked for. */
export function group(program: Command, name: string, description: string): Command {
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).description(description).helpCommand(false)
  );
}
