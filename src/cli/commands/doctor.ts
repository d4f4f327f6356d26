import { checks } from "../../doctor/checks.ts";
import { examine } from "../../doctor/examine.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import type { State } from "../../state/state.ts";
import type { Declare } from "../command.ts";
import { configured } from "../context.ts";
import { doctorText } from "../render/doctor.ts";

/** Of each check: longer than a login over a slow way, shorter than anybody waits. */
const DEADLINE_MS = 30_000;

export const doctor: Declare = (program, perform) => {
  program
    .command("doctor")
    .description("look at the installation: driver, state, hosts, databases, storages; each with what to do")
    .argument("[database]", "name in the configuration; without it: all databases")
    .action(
      perform(async (context, name: string | undefined) => {
        const { fleet } = await context.fleet();
        const { around } = context;
        const databases = name === undefined ? [...fleet.databases.values()] : [configured(fleet, name)];
        await using diagnostics = around.diagnose(fleet);
        let opened: Promise<State> | undefined;
        const state = () => (opened ??= around.openState(fleet));
        try {
          const lines = await examine(
            { fleet, diagnostics, state },
            {
              databases,
              hosts: name === undefined ? "all" : "used",
              checks,
              deadlineMs: DEADLINE_MS,
              signal: around.signal(),
            },
          );
          const healthy = lines.every(({ level }) => level !== "problem");
          const exit = healthy ? exitClass.done : exitClass.partial;
          return { ok: true, kind: "doctor", data: { healthy, lines }, text: doctorText(lines), exit };
        } finally {
          (await opened?.catch(() => undefined))?.[Symbol.dispose]();
        }
      }),
    );
};
