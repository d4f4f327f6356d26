import type { Parser } from "../syntax/parser.ts";
import { requireMounted, requireRoot } from "./rules.ts";
import type { StatementWorld } from "./statement.ts";

/** ENABLE BLOCK CHANGE TRACKING [USING FILE '…' [REUSE]] and DISABLE BLOCK CHANGE TRACKING of ALTER DATABASE. */
export function parseChangeTracking(cursor: Parser): ((world: StatementWorld) => Promise<void>) | undefined {
  if (cursor.accept("DISABLE", "BLOCK", "CHANGE", "TRACKING"))
    return async (world) => onServer(world).untrackChanges();
  if (!cursor.accept("ENABLE", "BLOCK", "CHANGE", "TRACKING")) return undefined;
  const path = cursor.accept("USING", "FILE") ? cursor.string() : undefined;
  const reuse = path !== undefined && cursor.accept("REUSE");
  return async (world) => {
    const enterprise = world.core.instance.profile.edition === "EE";
    onServer(world).trackChanges({ ...(path !== undefined && { path }), reuse, enterprise });
  };
}

function onServer(world: StatementWorld) {
  requireRoot(world);
  requireMounted(world);
  return world.core.instance.serverBackups;
}
