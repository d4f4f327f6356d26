import { type Declare, group } from "../command.ts";

export const retentionUndo: Declare = (program, perform) => {
  group(program, "retention", "which backups and snapshots stay")
    .command("undo")
    .description("keep what was marked to go, as long as its removal has not begun")
    .argument("<database>", "name in the configuration")
    .argument("<id>", "a backup or snapshot, or the run that marked several")
    .action(
      perform(async (context, database: string, id: string) => {
        const done = await context.withWorld(database, (world) =>
          context.around.runs.keeping.undoRetention(world, id),
        );
        if (!done.ok) return done;
        const text = [
          ...done.kept.map((object) => `${object} stays.`),
          "The next retention decides anew: `umbra hold add` keeps it from going again.",
        ].join("\n");
        return { ok: true, kind: "retention-undone", data: { database, kept: done.kept }, text };
      }),
    );
};
