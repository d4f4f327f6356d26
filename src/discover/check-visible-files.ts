import type { Facts } from "../domain/facts.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import { checked, type CheckItem } from "./check-item.ts";
import type { DiscoverWorld } from "./discover.ts";

/** The agent must see each datafile where the database says it is, with the size that it says (rule 15). */
export async function checkVisibleFiles(world: DiscoverWorld, facts: Facts): Promise<CheckItem> {
  const options = { deadlineMs: world.database.deadlines.statementMs, signal: world.signal };
  const problems: string[] = [];
  for (const { path, bytes, blockSize } of facts.datafiles) {
    try {
      const stat = await world.databaseHost.stat(path, options);
      if (stat === undefined) problems.push(`${path} is not there`);
      // An offline file has size 0 in v$datafile; a growing one may be larger already.
      else if (bytes > 0 && stat.bytes < bytes + blockSize) problems.push(`${path} has ${stat.bytes} bytes`);
    } catch (error) {
      if (!isUmbraError(error)) throw error;
      problems.push(error.message);
    }
  }
  const seen = problems.slice(0, 5).join("; ") || `all ${facts.datafiles.length} are there`;
  return checked("datafiles visible", problems.length === 0, seen, {
    rule: 15,
    todo: "run umbra on the database host, or mount its file systems under the same paths, readable for umbra's user",
  });
}
