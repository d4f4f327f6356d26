import { UmbraError } from "../../errors/umbra-error.ts";
import { instanceControl } from "../cold-context.ts";
import { whoStarted } from "../nobody-runs.ts";
import { isLost } from "../shut-down-instance.ts";
import type { Handler } from "../step-context.ts";

/** A STARTUP that failed once for a passing reason costs the backup otherwise. */
const ATTEMPTS = 3;
const PAUSE_MS = 500;

/** To MOUNT, where the proof is read. An instance that was up already was started by somebody else (rule 22). */
export const startUp: Handler<"start-up"> = async (_step, context) => {
  const { world, results, signal } = context;
  const control = instanceControl(context);
  const deadlineMs = world.database.deadlines.startupMs;
  results.cold.startupSentAt ??= world.clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { changed } = await control.startup({ to: "mount" }, { deadlineMs });
      if (!changed && attempt === 1) {
        const seen = ["the instance had been started", ...(await whoStarted(context))];
        throw new UmbraError("UMB-9022", { seen, rule: 22 });
      }
      return attempt === 1 ? {} : { note: `after ${attempt} attempts` };
    } catch (error) {
      const again = isLost(error) || (error instanceof UmbraError && error.code === "UMB-5301");
      if (!again || attempt === ATTEMPTS) throw error;
      await world.clock.sleep(PAUSE_MS, signal);
    }
  }
};
