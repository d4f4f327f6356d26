import type { Fleet } from "../domain/fleet.ts";
import { describeObligation } from "../plan/describe-obligation.ts";
import { openObligations } from "../run/open-obligations.ts";
import type { State } from "../state/state.ts";

/** What the runs on this state have not yet undone. Empty once the state is closed: then the runs have ended. */
export async function stillOpen(fleet: Fleet, state: State): Promise<readonly string[]> {
  const all = [...fleet.databases.keys()].map(async (name) => {
    const obligations = await openObligations(state, name).catch(() => []);
    return obligations.map(describeObligation);
  });
  return (await Promise.all(all)).flat();
}
