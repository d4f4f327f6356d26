import type { DatabaseConfig } from "../../domain/fleet.ts";
import { formatUtc } from "../../domain/instant.ts";
import { describeObligation } from "../../plan/describe-obligation.ts";
import { openObligations } from "../../run/open-obligations.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem } from "../line.ts";

/** Work that an earlier process, perhaps before a reboot, did not bring to its end. */
export const unfinished: DoctorCheck<DatabaseConfig> = {
  what: "runs",
  look: async ({ state }, { name }) => {
    const all = await state();
    const owner = all.locks.owner(name);
    if (owner !== undefined) return ok(`${owner.run} is at work (process ${owner.pid})`);
    const owed = (await openObligations(all, name)).map(describeObligation);
    const deferred = (await all.logDestinations.find(name))?.deferred;
    if (deferred !== undefined && owed.length === 0) {
      const seen = `its log destination was deferred by umbra at ${formatUtc(deferred.at)}: ${deferred.why}`;
      return problem(seen, `repair its storage; \`umbra logs guard ${name}\` enables it again`);
    }
    const open = (await all.journal.openRuns(name)).map(({ id }) => `${id} did not end`);
    if (owed.length + open.length === 0) return ok("none is unfinished");
    return problem([...owed, ...open].join("; "), `run \`umbra reconcile ${name}\``);
  },
};
