import { InvalidArgumentError } from "commander";

import { parseDuration } from "../../config/duration.ts";
import { type Instant, instant, parseUtc } from "../../domain/instant.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { type Declare, group } from "../command.ts";
import { configured } from "../context.ts";
import { knownBackup } from "../known-backup.ts";
import { holdData, holdsText } from "../render/holds.ts";

interface Options {
  readonly reason: string;
  readonly owner?: string;
  readonly until?: Instant;
  readonly for?: number;
}

export const holdAdd: Declare = (program, perform) => {
  group(program, "hold", "reasons that keep backups and snapshots")
    .command("add")
    .description("keep a backup or snapshot, and the logs it needs, whatever the policy says")
    .argument("<object>", "name of a backup or snapshot, as `umbra list` prints it")
    .requiredOption("--reason <text>", "why it is kept")
    .option("--owner <name>", "who may be asked; default: the user who runs umbra")
    .option("--until <moment>", "2027-01-31, or RFC 3339 in UTC: 2027-01-31T12:00:00Z", moment)
    .option("--for <duration>", "as 90d", duration)
    .action(
      perform(async (context, object: string, options: Options) => {
        const { env, runs } = context.around;
        const owner = options.owner ?? env["SUDO_USER"] ?? env["USER"] ?? env["LOGNAME"];
        if (owner === undefined) throw wrong("say who may be asked, with --owner");
        if (options.until !== undefined && options.for !== undefined)
          throw wrong("leave out --until or --for");
        const added = await context.withState(async (state, fleet) => {
          const entry = await knownBackup(state, object, "backup");
          return await context.inWorld(configured(fleet, entry.database), state, (world) => {
            const until =
              options.for === undefined ? options.until : instant(world.clock.now() + options.for);
            const expires = until === undefined ? {} : { expiresAt: until };
            return runs.keeping.addHold(world, { object, reason: options.reason, owner, ...expires });
          });
        });
        if (!added.ok) return added;
        const { hold, onStorage } = added;
        const data = { hold: holdData(hold), onStorage };
        return { ok: true, kind: "hold", data, text: holdsText([hold]) };
      }),
    );
};

function wrong(message: string): UmbraError {
  return new UmbraError("UMB-2001", { message, command: "hold" });
}

function moment(text: string): Instant {
  const at = parseUtc(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (at === undefined) throw new InvalidArgumentError("It must be 2027-01-31 or 2027-01-31T12:00:00Z.");
  return at;
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError("It must be a duration such as 12h or 90d.");
  return ms;
}
