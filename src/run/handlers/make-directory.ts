import type { Handler } from "../step-context.ts";

/** The run's own directory, or the live area, also gets the marker that says whose it is (decision 8). */
export const makeDirectory: Handler<"make-directory"> = async ({ path, marker }, { world, plan, hosts }) => {
  await world.backupHost.makeDirectory(path, hosts);
  if (marker === undefined) return {};
  const isArea = plan.kind === "baseline" || plan.kind === "refresh";
  await world.backupHost.writeAtomically(marker, `${isArea ? plan.database : plan.run}\n`, hosts);
  return {};
};
