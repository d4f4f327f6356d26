import { exitClass } from "../../errors/exit-classes.ts";
import { isSound } from "../../plan/archive-verify.ts";
import { type Declare, group } from "../command.ts";
import { logData, logsText } from "../render/logs.ts";
import { LOGS } from "./logs-setup.ts";

export const logsVerify: Declare = (program, perform) => {
  group(program, "logs", LOGS)
    .command("verify")
    .description(
      "say of each archived log whether the live area has it: good, in flight, delayed, lost or damaged",
    )
    .argument("<database>", "name in the configuration")
    .option("--deep", "read every block of every log")
    .action(
      perform(async (context, database: string, { deep = false }: { deep?: boolean }) => {
        const { logs } = context.around.runs;
        const looked = await context.withWorld(database, (world) => logs.verify(world, { deep }));
        if (!looked.ok) return looked;
        const { report, unreachable } = looked;
        const asked = unreachable === undefined ? {} : { unreachable };
        return {
          ok: true,
          kind: "logs",
          data: { database, logs: report.logs.map(logData), strange: report.strange, ...asked },
          text: logsText(looked),
          exit: isSound(report) ? exitClass.done : exitClass.verification,
        };
      }),
    );
};
