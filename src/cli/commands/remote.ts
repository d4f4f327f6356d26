import { Option } from "commander";

import { printable } from "../../domain/human.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { callGroups, type CallGroup } from "../../remote/calls.ts";
import { serveRemote } from "../../remote/serve.ts";
import type { Declare } from "../command.ts";

/** Running any program is more than backups need; who wants it over a forced command says so. */
const ALLOWED: readonly CallGroup[] = ["files", "copy", "verify"];

interface Options {
  readonly allow: string;
  readonly direct?: true;
}

/** Not in `--help`: umbra starts it on other hosts, or an account's authorized_keys does. */
export const remote: Declare = (program, perform) => {
  program
    .command("remote", { hidden: true })
    .description("do on this host what an umbra on another host asks for on standard input")
    .option("--allow <list>", `of ${callGroups.join(", ")}, what may be asked for`, ALLOWED.join(","))
    .addOption(new Option("--direct", "touch network file systems in this process").hideHelp())
    .action(
      perform(async (context, { allow, direct }: Options) => {
        const { around, globals } = context;
        if (globals.output !== "table") {
          const message = `remote prints messages of its own, never ${globals.output}`;
          throw new UmbraError("UMB-2001", { message, command: "remote" });
        }
        await using side = around.farSide({ direct: direct === true });
        const { version } = around;
        await serveRemote({ ...side, allow: allowed(allow), version, signal: around.signal() });
        return { ok: true, kind: "remote", data: {}, text: "" };
      }),
    );
};

function allowed(list: string): ReadonlySet<CallGroup> {
  const groups = list.split(",").map((word) => {
    const group = callGroups.find((name) => name === word.trim());
    if (group !== undefined) return group;
    const message = `--allow: ${printable(word)} is none of ${callGroups.join(", ")}`;
    throw new UmbraError("UMB-2001", { message, command: "remote" });
  });
  return new Set(groups);
}
