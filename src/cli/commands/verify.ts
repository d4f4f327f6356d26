import { didYouMean } from "../../config/suggest.ts";
import { counted, formatBytes, printable } from "../../domain/human.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { Declare } from "../command.ts";
import { configured } from "../context.ts";
import type { VerifyReport } from "../runs.ts";

export const verify: Declare = (program, perform) => {
  program
    .command("verify")
    .description("read a backup again: hashes, blocks, file headers, the chain of logs")
    .argument("<backup>", "name of a backup, as `umbra list` prints it")
    .action(
      perform(async (context, id: string) => {
        const report = await context.withState(async (state, fleet) => {
          const entry = await state.catalog.get(id);
          if (entry === undefined) {
            const known = (await state.catalog.list()).map((one) => one.id);
            throw new UmbraError("UMB-2004", { id, what: "backup", suggestion: didYouMean(id, known) });
          }
          const database = configured(fleet, entry.database);
          return await context.inWorld(database, state, (world) =>
            context.around.runs.verifyBackup(world, id),
          );
        });
        const good = report.problems.length === 0;
        const exit = good ? exitClass.done : exitClass.verification;
        return {
          ok: true,
          kind: "verify",
          data: { backup: id, good, ...report },
          text: reportText(id, report),
          exit,
        };
      }),
    );
};

function reportText(id: string, report: VerifyReport): string {
  const read = `${counted(report.files, "file")}, ${formatBytes(report.bytes)} read`;
  const { problems } = report;
  const verdict = problems.length === 0 ? "good" : `damaged, ${counted(problems.length, "problem")}`;
  return [
    ...problems.map((one) => `${printable(one.path)}: ${printable(one.problem)}`),
    `${id} is ${verdict}: ${read}`,
  ].join("\n");
}
