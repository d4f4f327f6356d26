import type { Facts } from "../domain/facts.ts";
import { databaseItems, fileItems } from "./check-database-state.ts";
import type { CheckItem, CheckReport } from "./check-item.ts";
import { surroundingItems } from "./check-surroundings.ts";
import { checkVisibleFiles } from "./check-visible-files.ts";
import { discover, type DiscoverWorld } from "./discover.ts";
import { checkLogRoundTrip } from "./log-round-trip.ts";

/**
 * Whether a hot backup of the database would work, and what to do where not. Writes a probe file into the backup area
 * and switches one redo log; changes nothing else.
 * Errors: those of `discover`; what can be judged is an item, not an error.
 */
export async function checkDatabase(world: DiscoverWorld): Promise<CheckReport> {
  const facts = await discover(world);
  const items = [
    ...databaseItems(facts, world.database),
    ...fileItems(facts),
    await checkVisibleFiles(world, facts),
    ...surroundingItems(facts, world.database),
  ];
  return { items: [...items, await roundTrip(world, facts, items)] };
}

/** Items without which no log can be archived, or it would be another database's. */
const NEEDED = ["identity", "role", "open", "archive mode", "privileges", "local archive destination"];

async function roundTrip(
  world: DiscoverWorld,
  facts: Facts,
  items: readonly CheckItem[],
): Promise<CheckItem> {
  const missing = items.filter((item) => NEEDED.includes(item.name) && !item.ok);
  if (missing.length === 0) return await checkLogRoundTrip(world, facts);
  const names = missing.map((item) => item.name).join(", ");
  return { name: "log round trip", ok: false, severity: "warning", seen: `not tried: ${names}`, rule: 45 };
}
