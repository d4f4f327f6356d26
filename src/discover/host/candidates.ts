import type { FilePath } from "../../domain/names.ts";
import type { InstanceKind } from "../../domain/pmon.ts";
import type { ClusterDatabase } from "./cluster-config.ts";
import type { Candidate, FoundService, Known } from "./found.ts";
import type { ListenerStatus } from "./listener-status.ts";
import type { Oratab } from "./oratab.ts";
import type { OracleProcesses } from "./processes.ts";

/** All that was heard of databases on a host. */
export interface Heard {
  readonly oratabs: readonly (Oratab & { readonly path: string })[];
  readonly processes: OracleProcesses;
  readonly cluster: readonly ClusterDatabase[];
  readonly listeners: readonly {
    readonly name: string;
    readonly home: FilePath;
    readonly status: ListenerStatus;
  }[];
}

type Growing = { -readonly [K in keyof Candidate]: Candidate[K] };

/**
 * One candidate for each database: what runs comes first, then what is listed, then what is only registered or served. A
 * home that two sources tell differently is the running one's, and told as a conflict. Sorted by name.
 */
export function candidatesOf(heard: Heard): readonly Candidate[] {
  const found: Growing[] = [];
  addProcesses(found, heard);
  addOratabs(found, heard);
  for (const registered of heard.cluster) addRegistered(found, registered);
  addServices(found, heard);
  return found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** What people call it: the name that is unique, else the instance. */
export function nameOf({ uniqueName, sid }: Candidate): string {
  return uniqueName?.value ?? sid?.value ?? "?";
}

/** `+ASM1`, `-MGMTDB` and the like are named by clusterware itself. */
function kindOf(sid: string): InstanceKind {
  if (/^\+ASM/iu.test(sid)) return "asm";
  if (/^-MGMTDB/iu.test(sid)) return "management";
  return /^\+(APX|IOS)/iu.test(sid) ? "proxy" : "database";
}

function started(kind: InstanceKind, from: string, more: Partial<Growing>): Growing {
  return { kind, seenIn: [from], instances: [], runs: false, services: [], conflicts: [], ...more };
}

function addProcesses(found: Growing[], { processes }: Heard): void {
  for (const { pid, sid, kind, home } of processes.pmons) {
    const from = `process ${pid}`;
    const more = home === undefined ? {} : { home: { value: home, from } };
    found.push(started(kind, from, { sid: { value: sid, from }, runs: true, ...more }));
  }
}

function addOratabs(found: Growing[], { oratabs }: Heard): void {
  for (const { path, entries } of oratabs) {
    for (const { name, home, line } of entries) {
      // A home without a database.
      if (name === "*") continue;
      const from = `${path}:${line}`;
      const known = entryOf(found, { name, home });
      const told = { value: home, from };
      if (known === undefined)
        found.push(started(kindOf(name), from, { sid: { value: name, from }, home: told }));
      else {
        known.seenIn = [...known.seenIn, from];
        addHome(known, told);
      }
    }
  }
}

/**
 * A SID may be there once in each home. One that runs from another home than it is listed with is the same only where
 * nothing lists it as it runs.
 */
function entryOf(
  found: readonly Growing[],
  { name, home }: { readonly name: string; readonly home: FilePath },
): Growing | undefined {
  const named = found.filter(({ sid }) => sid?.value === name);
  const exact = named.find((one) => one.home === undefined || one.home.value === home);
  return exact ?? named.find(({ seenIn }) => seenIn.length === 1);
}

function addHome(known: Growing, told: Known<FilePath>): void {
  const { home } = known;
  if (home === undefined) known.home = told;
  else if (home.value !== told.value)
    known.conflicts = [
      ...known.conflicts,
      `${told.from} says its home is ${told.value}, ${home.from} says ${home.value}`,
    ];
}

/** In a cluster oratab may name the database where the process names the instance: both are this one. */
function addRegistered(found: Growing[], registered: ClusterDatabase): void {
  const from = "clusterware";
  const own = found.filter((one) => belongs(one, registered));
  const running = own.find(({ runs }) => runs) ?? own[0];
  const known = running ?? started("database", from, {});
  if (running === undefined) found.push(known);
  else known.seenIn = [...known.seenIn, from];
  for (const other of own) {
    if (other === known) continue;
    found.splice(found.indexOf(other), 1);
    known.seenIn = [...known.seenIn, ...other.seenIn];
    known.conflicts = [...known.conflicts, ...other.conflicts];
    if (other.home !== undefined) addHome(known, other.home);
  }
  addRegistration(known, registered, from);
}

function addRegistration(known: Growing, registered: ClusterDatabase, from: string): void {
  const { uniqueName, databaseName, home, role, type, instances } = registered;
  known.uniqueName = { value: uniqueName, from };
  if (databaseName !== undefined) known.databaseName = { value: databaseName, from };
  if (role !== undefined) known.role = { value: role, from };
  if (type !== undefined) known.clusterType = type;
  known.instances = instances;
  const [only, ...more] = instances;
  const isInstance = known.sid !== undefined && instances.includes(known.sid.value);
  // Which of several is this host's, only a process tells.
  if (only !== undefined && more.length === 0) known.sid ??= { value: only, from };
  else if (instances.length > 0 && !isInstance && !known.runs) delete known.sid;
  if (home !== undefined) addHome(known, { value: home, from });
}

function belongs({ sid, kind }: Candidate, { uniqueName, instances }: ClusterDatabase): boolean {
  if (sid === undefined || kind !== "database") return false;
  return instances.includes(sid.value) || sid.value.toLowerCase() === uniqueName.toLowerCase();
}

function addServices(found: Growing[], { listeners }: Heard): void {
  for (const { name: listener, home, status } of listeners) {
    const [endpoint] = status.endpoints;
    for (const { service, instance, status: told } of status.served) {
      // Programs outside of the database, for calls from PL/SQL.
      if (/ExtProc$/iu.test(instance)) continue;
      const from = `listener ${listener}`;
      const known =
        servedBy(found, { instance, home }) ??
        started(kindOf(instance), from, { sid: { value: instance, from } });
      if (!found.includes(known)) found.push(known);
      if (!known.seenIn.includes(from)) known.seenIn = [...known.seenIn, from];
      const one: FoundService = { service, status: told, listener, endpoint };
      known.services = [...known.services, one];
    }
  }
}

/** Static registrations are written by people, who do not always keep to the case. */
function servedBy(
  found: readonly Growing[],
  { instance, home }: { readonly instance: string; readonly home: FilePath },
): Growing | undefined {
  const same = (name: string) => name.toLowerCase() === instance.toLowerCase();
  const named = found.filter(({ sid }) => sid?.value === instance);
  return (
    named.find((one) => one.home?.value === home) ??
    named[0] ??
    found.find(({ sid, instances }) => (sid !== undefined && same(sid.value)) || instances.some(same))
  );
}
