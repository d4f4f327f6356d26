import type { Argument, Command, Help } from "commander";

import { declaredProgram } from "../../src/cli/program.ts";

/** docs/commands.md: every command with its arguments and options, as `--help` prints them. */
export function commandsPage(): string {
  const program = declaredProgram("", () => async () => {});
  const help = program.createHelp();
  const intro = [
    "What `umbra COMMAND --help` prints, on one page. A database, host or storage is named as in the configuration.",
    "Exit statuses and error codes are in [errors.md](errors.md). `umbra remote`, which umbra starts by itself on other hosts, is in [operations.md](operations.md).",
  ].join(" ");
  const everywhere = ["Each command takes these too:", rows(program, help)].join("\n\n");
  const parts = leaves(program, help).map((command) => commandPart(command, help));
  return `<!-- Written by \`npm run gen\`. Do not edit. -->\n\n# Commands\n\n${[intro, everywhere, ...parts].join("\n\n")}\n`;
}

/** Commands that do something, in the order of `umbra --help`. */
function leaves(command: Command, help: Help): readonly Command[] {
  const children = help.visibleCommands(command);
  return children.length === 0 ? [command] : children.flatMap((child) => leaves(child, help));
}

function commandPart(command: Command, help: Help): string {
  const words = command.registeredArguments.map(argumentText);
  const title = `## \`${["umbra", ...names(command), ...words].join(" ")}\``;
  const takes = rows(command, help);
  return [title, sentence(command.description()), ...(takes === "" ? [] : [takes])].join("\n\n");
}

function names(command: Command): readonly string[] {
  return command.parent === null ? [] : [...names(command.parent), command.name()];
}

function argumentText(argument: Argument): string {
  return argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
}

function rows(command: Command, help: Help): string {
  const lines = [
    ...command.registeredArguments.map((one) => [argumentText(one), help.argumentDescription(one)] as const),
    ...help
      .visibleOptions(command)
      .filter(({ long }) => long !== "--help")
      .map(
        (one) => [one.flags, `${help.optionDescription(one)}${one.mandatory ? " (needed)" : ""}`] as const,
      ),
  ].map(([name, what]) => `| \`${name}\` | ${what.replaceAll("|", "\\|").replaceAll("<", "\\<")} |`);
  return lines.length === 0 ? "" : ["| | |", "|---|---|", ...lines].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
