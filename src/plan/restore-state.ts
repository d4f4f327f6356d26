import type { Instant } from "../domain/instant.ts";
import { ROOT } from "../domain/names.ts";
import type { ContainedStatement } from "../domain/reconcile-plan.ts";
import type { ContainerAtStartup, SavedContainer, SavedService, SavedState } from "../domain/saved-state.ts";
import {
  closeContainerSql,
  disableRestrictedSql,
  enableRestrictedSql,
  openContainerSql,
  startApplySql,
  startServiceSql,
} from "./restore-sql.ts";

/** The database as it is on its way back. */
export interface StateNow {
  readonly state: SavedState;
  /** When each container was opened, by its name; the database host's clock. */
  readonly openedAt: Readonly<Record<string, Instant>>;
  /** The database host's clock right after umbra's own OPEN returned; absent where somebody else opened the database. */
  readonly ownOpenBy?: Instant;
  /** Services of which the database says that they do not exist any more. */
  readonly goneServices: readonly SavedService[];
}

/** Something that is not as it was. */
export interface Difference {
  /** `PDB1 is MOUNTED, and was READ WRITE`. */
  readonly seen: string;
  /** Somebody cannot work who could before: production is at risk until it is put right. */
  readonly grave: boolean;
  readonly fix?: ContainedStatement;
  /** For people, where there is no fix or it fails. */
  readonly todo: string;
}

/** What a state gives to those who work with it. */
const AVAILABILITY = ["MOUNTED", "READ ONLY", "READ WRITE"] as const;

/**
 * What keeps the database from being as it was, in the order in which it is put right (rules 25, 26). The law: what is
 * closed is opened as it was; what umbra's own OPEN opened is closed or changed as it was; what somebody else opened
 * since is theirs, and only told. RESTRICTED SESSION keeps users out, so it goes in any case where it was not there.
 */
export function planRestore(saved: SavedState, now: StateNow): readonly Difference[] {
  return [
    ...databaseDifferences(saved, now),
    ...saved.containers.flatMap((container) => containerDifferences(container, now)),
    ...startupDifferences(saved, now),
    ...saved.services.flatMap((service) => serviceDifferences(service, now)),
    ...applyDifferences(saved, now),
  ];
}

function databaseDifferences(saved: SavedState, now: StateNow): readonly Difference[] {
  const { state } = now;
  const found: Difference[] = [];
  const missing = saved.instances.filter((name) => !state.instances.includes(name));
  if (missing.length > 0) {
    const seen = `instance ${missing.join(", ")} is not up`;
    found.push({ seen, grave: true, todo: "STARTUP on its node" });
  }
  if (levelOf(state.openMode) < levelOf(saved.openMode)) {
    const closed = levelOf(state.openMode) === 0;
    const seen = closed
      ? `the database is ${state.openMode}, and was ${saved.openMode}`
      : `somebody else opened the database ${state.openMode}; it was ${saved.openMode}`;
    found.push({
      seen,
      grave: closed,
      todo: closed ? "alter database open" : "SHUTDOWN IMMEDIATE, then STARTUP",
    });
  }
  if (levelOf(state.openMode) > levelOf(saved.openMode))
    found.push(theirs(`the database is ${state.openMode}, and was ${saved.openMode}`));
  if (state.restricted !== saved.restricted) found.push(restriction(saved, now));
  return found;
}

function restriction({ restricted }: SavedState, { ownOpenBy }: StateNow): Difference {
  if (!restricted) {
    const fix = { container: ROOT, sql: disableRestrictedSql };
    return {
      seen: "the database is in restricted session mode, and was not",
      grave: true,
      fix,
      todo: fix.sql,
    };
  }
  const seen = "the database is not in restricted session mode any more";
  if (ownOpenBy === undefined) return theirs(seen);
  const fix = { container: ROOT, sql: enableRestrictedSql };
  return { seen, grave: false, fix, todo: fix.sql };
}

function containerDifferences(saved: SavedContainer, now: StateNow): readonly Difference[] {
  const { name } = saved;
  const found = now.state.containers.find((one) => one.name === name);
  if (found === undefined)
    return [
      { seen: `${name} is not there any more`, grave: false, todo: "nothing, if it was dropped on purpose" },
    ];
  // Nothing is opened in a database that is not open itself.
  if (levelOf(now.state.openMode) === 0) return [];
  const ours = isOurOpening(name, now);
  const was = `${name} is ${found.openMode}, and was ${saved.openMode}`;
  if (found.openMode === "MOUNTED" && saved.openMode !== "MOUNTED") {
    const fix = { container: ROOT, sql: openContainerSql(saved) };
    return [{ seen: was, grave: true, fix, todo: fix.sql }];
  }
  if (found.openMode !== saved.openMode) {
    if (!ours) return [theirs(was)];
    const sql = saved.openMode === "MOUNTED" ? closeContainerSql(name) : openContainerSql(saved, "force");
    const grave = levelOf(found.openMode) < levelOf(saved.openMode);
    return [{ seen: was, grave, fix: { container: ROOT, sql }, todo: sql }];
  }
  return found.restricted === saved.restricted ? [] : [containerRestriction(saved, ours)];
}

function containerRestriction({ name, restricted }: SavedContainer, ours: boolean): Difference {
  const sql = restricted ? enableRestrictedSql : disableRestrictedSql;
  const seen = `${name} is ${restricted ? "not in restricted mode any more" : "in restricted mode, and was not"}`;
  if (restricted && !ours) return theirs(seen);
  return { seen, grave: !restricted, fix: { container: name, sql }, todo: `${sql} in ${name}` };
}

/** umbra never saves or discards a state, so a difference is somebody else's: told, not put right. */
function startupDifferences({ atStartup }: SavedState, { state }: StateNow): readonly Difference[] {
  if (atStartup === undefined || state.atStartup === undefined) return [];
  const words = (one: ContainerAtStartup) => `${one.state}${one.restricted ? " RESTRICTED" : ""}`;
  const now = new Map(state.atStartup.map((one) => [`${one.container} on ${one.instance}`, words(one)]));
  const before = new Map(atStartup.map((one) => [`${one.container} on ${one.instance}`, words(one)]));
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((key) => before.get(key) !== now.get(key))
    .map((key) => {
      const [was, is] = [before.get(key) ?? "no state", now.get(key) ?? "no state"];
      return theirs(`for the next STARTUP ${key} has saved ${is}, and had ${was}`);
    });
}

function serviceDifferences(service: SavedService, { state, goneServices }: StateNow): readonly Difference[] {
  const { container, name } = service;
  if (state.services.some((one) => one.container === container && isSameService(one.name, name))) return [];
  const openMode =
    container === ROOT ? state.openMode : state.containers.find((one) => one.name === container)?.openMode;
  // A container that is not open is a difference of its own, and its services come with it.
  if (openMode === undefined || levelOf(openMode) === 0) return [];
  const seen = `service ${name} of ${container} does not run`;
  if (goneServices.some((one) => one.container === container && one.name === name))
    return [{ seen: `${seen}: it was deleted`, grave: false, todo: "nothing, if it was deleted on purpose" }];
  const fix = { container, sql: startServiceSql(name) };
  return [{ seen, grave: true, fix, todo: `dbms_service.start_service('${name}') in ${container}` }];
}

function applyDifferences({ apply, role }: SavedState, { state }: StateNow): readonly Difference[] {
  if (apply === undefined || state.apply !== undefined) return [];
  if (state.role !== role)
    return [theirs(`redo apply does not run: the database is ${state.role} now, and was ${role}`)];
  const fix = { container: ROOT, sql: startApplySql(apply) };
  return [{ seen: "redo apply does not run", grave: true, fix, todo: fix.sql }];
}

function isOurOpening(name: string, { openedAt, ownOpenBy }: StateNow): boolean {
  const at = openedAt[name];
  return at !== undefined && ownOpenBy !== undefined && at <= ownOpenBy;
}

/** READ ONLY WITH APPLY is READ ONLY; MIGRATE is as good as READ WRITE. */
function levelOf(openMode: string): number {
  const level = AVAILABILITY.findIndex((one) => openMode.startsWith(one));
  return level === -1 ? 2 : level;
}

/** Service names do not know case. */
function isSameService(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

function theirs(seen: string): Difference {
  return {
    seen,
    grave: false,
    todo: "nothing, if somebody did that on purpose: umbra does not take it back",
  };
}
