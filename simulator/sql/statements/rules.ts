import type { TablespaceRecord } from "../../instance/control-file.ts";
import { isCdb, openMode } from "../core.ts";
import { fail } from "../errors.ts";
import { requirePrivilege } from "../privileges.ts";
import type { StatementWorld } from "./statement.ts";

/** ORA-01031 unless the session holds one of the privileges. */
export function require(world: StatementWorld, ...privileges: readonly string[]): void {
  requirePrivilege(world.session, world.core.accounts, ...privileges);
}

/** ORA-01507 before MOUNT. */
export function requireMounted(world: StatementWorld): void {
  if (world.core.instance.controlFile === undefined) throw fail(1507);
}

/** ORA-01109 while the session's container is not open, ORA-16000 where it is open read only and the statement writes. */
export function requireOpen(world: StatementWorld, writes: boolean): void {
  requireMounted(world);
  const mode = openMode(world.core, world.session.conId);
  if (mode === "MOUNTED") throw fail(1109);
  if (writes && mode === "READ ONLY") throw fail(16_000);
}

/** ORA-65040 inside a PDB. */
export function requireRoot(world: StatementWorld): void {
  if (world.session.conId > 1) throw fail(65_040);
}

/** ORA-65046 in the root: the statement needs a PDB as current container. */
export function requirePdb(world: StatementWorld): void {
  if (!isCdb(world.core)) throw fail(65_090);
  if (world.session.conId <= 1) throw fail(65_046);
}

/** The tablespace in the session's container. One that only a PDB has is ORA-65046 from the root, else ORA-00959. */
export function tablespaceNamed(world: StatementWorld, name: string): TablespaceRecord {
  const all = world.core.instance.controlFile?.tablespaces ?? [];
  const own = all.find((tablespace) => tablespace.conId === world.session.conId && tablespace.name === name);
  if (own !== undefined) return own;
  if (world.session.conId === 1 && all.some((tablespace) => tablespace.name === name)) throw fail(65_046);
  throw fail(959, name);
}
