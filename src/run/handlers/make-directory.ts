import type { Handler } from "../step-context.ts";

/** The run's own directory also gets the marker that says whose it is (decision 8). */
export const makeDirectory: Handler<"make-directory"> = async ({ path, marker }, { world, plan, hosts }) => {
  await world.backupHost.makeDirectory(path, hosts);
  if (marker !== undefined) await world.backupHost.writeAtomically(marker, `${plan.run}\n`, hosts);
  return {};
};
