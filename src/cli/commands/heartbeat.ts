import { formatUtc } from "../../domain/instant.ts";
import type { Heartbeat } from "../../domain/heartbeat.ts";
import { formatScn } from "../../domain/scn.ts";
import type { Declare } from "../command.ts";

export const heartbeat: Declare = (program, perform) => {
  program
    .command("heartbeat")
    .description("note the SCN and the time of a database, so that times can be translated to SCNs later")
    .argument("<database>", "name in the configuration")
    .action(
      perform(async (context, database: string) => {
        const beat = await context.withWorld(database, (world) => context.around.runs.noteHeartbeat(world));
        if (beat === undefined) {
          const text = `${database} is mounted: it has no SCN that grows, nothing was noted.`;
          return { ok: true, kind: "heartbeat", data: { database }, text };
        }
        const text = `${database}: SCN ${formatScn(beat.scn)} at ${formatUtc(beat.at)}`;
        return { ok: true, kind: "heartbeat", data: { database, heartbeat: beatData(beat) }, text };
      }),
    );
};

function beatData({ at, scn, incarnation, sequences }: Heartbeat): object {
  return { at: formatUtc(at), scn: formatScn(scn), incarnation, sequences };
}
