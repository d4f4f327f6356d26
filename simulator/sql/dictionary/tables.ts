import type { TableDefinition } from "../../instance/api.ts";
import { fail, failAt } from "../errors.ts";
import { openMode } from "../core.ts";
import { hasRelease, type ViewWorld } from "./view.ts";

/** A user table by name, in the session's container and current schema unless an owner is given. */
export function findTable(world: ViewWorld, parts: readonly string[]): TableDefinition | undefined {
  if (openMode(world.core, world.session.conId) === "MOUNTED") return undefined;
  const name = parts.at(-1);
  const owner = parts.at(-2) ?? world.session.schema;
  return world.core.instance
    .tables(world.session.conId)
    .find((table) => table.owner === owner && table.name === name);
}

/** ORA-00942; 23ai says which one. */
export function unknownTable(world: ViewWorld, parts: readonly string[], position: number): Error {
  if (!hasRelease(world.core.instance.profile.name, "23ai")) return failAt(position, 942);
  const owner = parts.at(-2) ?? world.session.schema;
  const error = failAt(position, 942);
  error.message = `ORA-00942: table or view "${owner}"."${parts.at(-1) ?? ""}" does not exist`;
  return error;
}

/** ORA-01219 while the session's container is not open. */
export function requireDictionary(world: ViewWorld): void {
  if (openMode(world.core, world.session.conId) === "MOUNTED") throw fail(1219);
}
