import { assert, boolean, constantFrom, property, record } from "fast-check";
import { expect, test } from "vitest";

import { type Instant, instant } from "../../../src/domain/instant.ts";
import { type ContainerName, ROOT } from "../../../src/domain/names.ts";
import type { SavedContainer, SavedState } from "../../../src/domain/saved-state.ts";
import { planRestore, type StateNow } from "../../../src/plan/restore-state.ts";

const PDB1 = "PDB1" as ContainerName;
const OWN_OPEN = instant(1_000_000);
const BY_OWN_OPEN = instant(999_000);
const LATER = instant(1_000_001);

function state(change: Partial<SavedState> = {}): SavedState {
  return {
    openMode: "READ WRITE",
    role: "PRIMARY",
    restricted: false,
    instances: ["PROD1"],
    containers: [],
    services: [],
    ...change,
  };
}

const pdb = (openMode: string, restricted = false): SavedContainer => ({ name: PDB1, openMode, restricted });

function differences(
  saved: Partial<SavedState>,
  now: Partial<SavedState>,
  more: Partial<Omit<StateNow, "state">> = {},
) {
  return planRestore(state(saved), { state: state(now), openedAt: {}, goneServices: [], ...more });
}

const opened = (at: Instant, ownOpenBy?: Instant): Partial<StateNow> => ({
  openedAt: { PDB1: at },
  ...(ownOpenBy === undefined ? {} : { ownOpenBy }),
});

test("a database that is as it was has no difference", () => {
  expect(differences({}, {})).toEqual([]);
});

test.each<readonly [string, SavedContainer, string]>([
  ["read write", pdb("READ WRITE"), 'alter pluggable database "PDB1" open read write'],
  [
    "read only and restricted",
    pdb("READ ONLY", true),
    'alter pluggable database "PDB1" open read only restricted',
  ],
  ["for an upgrade", pdb("MIGRATE"), 'alter pluggable database "PDB1" open upgrade'],
])("a PDB that was open %s and is closed is opened so", (_how, saved, sql) => {
  const [only] = differences({ containers: [saved] }, { containers: [pdb("MOUNTED")] });
  expect(only).toMatchObject({ grave: true, fix: { container: ROOT, sql } });
});

test("a PDB that was closed, and that umbra's own OPEN opened, is closed again", () => {
  const [only] = differences(
    { containers: [pdb("MOUNTED")] },
    { containers: [pdb("READ WRITE")] },
    opened(BY_OWN_OPEN, OWN_OPEN),
  );
  expect(only).toMatchObject({
    grave: false,
    fix: { sql: 'alter pluggable database "PDB1" close immediate' },
  });
});

test.each<readonly [string, Partial<StateNow>]>([
  ["after umbra's OPEN", opened(LATER, OWN_OPEN)],
  ["in a database that somebody else opened", opened(BY_OWN_OPEN)],
])("a PDB that somebody opened %s stays open, and is told", (_when, more) => {
  const found = differences({ containers: [pdb("MOUNTED")] }, { containers: [pdb("READ WRITE")] }, more);
  expect(found).toMatchObject([{ grave: false }]);
  expect(found[0]?.fix).toBeUndefined();
});

test("a PDB that its saved state opened READ ONLY gets READ WRITE back; one that somebody opened so does not", () => {
  const saved = { containers: [pdb("READ WRITE")] };
  const now = { containers: [pdb("READ ONLY")] };
  expect(differences(saved, now, opened(BY_OWN_OPEN, OWN_OPEN))).toMatchObject([
    { grave: true, fix: { sql: 'alter pluggable database "PDB1" open read write force' } },
  ]);
  expect(differences(saved, now, opened(LATER, OWN_OPEN))[0]?.fix).toBeUndefined();
});

test("restricted mode that was not there is ended, whoever began it", () => {
  expect(differences({}, { restricted: true })).toMatchObject([
    { grave: true, fix: { container: ROOT, sql: "alter system disable restricted session" } },
  ]);
  expect(
    differences({ containers: [pdb("READ WRITE")] }, { containers: [pdb("READ WRITE", true)] }),
  ).toMatchObject([{ grave: true, fix: { container: PDB1 } }]);
});

test("restricted mode that was there comes back only where umbra opened the database", () => {
  expect(differences({ restricted: true }, {}, { ownOpenBy: OWN_OPEN })).toMatchObject([
    { grave: false, fix: { sql: "alter system enable restricted session" } },
  ]);
  expect(differences({ restricted: true }, {})[0]?.fix).toBeUndefined();
});

test("a database that somebody else opened READ ONLY is left so, and one that is still closed is a risk", () => {
  expect(differences({}, { openMode: "READ ONLY" })).toMatchObject([{ grave: false }]);
  expect(differences({}, { openMode: "MOUNTED" })).toMatchObject([{ grave: true }]);
  expect(differences({ openMode: "MOUNTED" }, {})).toMatchObject([{ grave: false }]);
});

test("an instance of the cluster that stays down is a risk", () => {
  const found = differences({ instances: ["PROD1", "PROD2"] }, {});
  expect(found).toMatchObject([{ grave: true, seen: "instance PROD2 is not up" }]);
});

test("services are started in their container, whatever the case of their name", () => {
  const services = [
    { container: ROOT, name: "prod1" },
    { container: ROOT, name: "night" },
  ];
  const found = differences({ services }, { services: [{ container: ROOT, name: "PROD1" }] });
  expect(found).toMatchObject([
    { grave: true, fix: { container: ROOT, sql: "begin dbms_service.start_service('night'); end;" } },
  ]);
});

test("a service that was deleted, and services of a container that is closed, are nobody's risk twice", () => {
  const night = { container: ROOT, name: "night" };
  expect(differences({ services: [night] }, {}, { goneServices: [night] })).toMatchObject([{ grave: false }]);
  const inPdb = { containers: [pdb("READ WRITE")], services: [{ container: PDB1, name: "app" }] };
  expect(differences(inPdb, { containers: [pdb("MOUNTED")] })).toHaveLength(1);
});

test("apply is started as it ran, and not in what became a primary", () => {
  const standby = { role: "PHYSICAL STANDBY", openMode: "MOUNTED" };
  const saved = { ...standby, apply: { realTime: false } };
  expect(differences(saved, standby)).toMatchObject([
    { grave: true, fix: { sql: expect.stringContaining("using archived logfile") } },
  ]);
  expect(differences({ ...standby, apply: { realTime: true } }, standby)[0]?.fix?.sql).toBe(
    "alter database recover managed standby database disconnect from session",
  );
  expect(differences(saved, { ...standby, apply: { realTime: true } })).toEqual([]);
  expect(differences(saved, {}).every(({ fix }) => fix === undefined)).toBe(true);
});

test("a PDB that was dropped is told, and is no risk", () => {
  expect(differences({ containers: [pdb("READ WRITE")] }, {})).toMatchObject([{ grave: false }]);
});

const modes = constantFrom("MOUNTED", "READ ONLY", "READ WRITE");
const containers = record({ openMode: modes, restricted: boolean() });

/** The state after a fix, as the database would show it. */
function performed(now: StateNow, sql: string): StateNow {
  const { state: before } = now;
  const changed = (change: Partial<SavedContainer>): StateNow => ({
    ...now,
    state: { ...before, containers: before.containers.map((one) => ({ ...one, ...change })) },
  });
  if (sql.includes("close immediate")) return changed({ openMode: "MOUNTED", restricted: false });
  const open = /open (read only|read write)( restricted)?/u.exec(sql);
  if (open !== null)
    return changed({ openMode: (open[1] ?? "").toUpperCase(), restricted: open[2] !== undefined });
  return changed({ restricted: sql.includes("enable") });
}

test("law: what is put right once needs nothing a second time, and nothing of somebody else's is taken back", () => {
  assert(
    property(containers, containers, boolean(), (before, found, ours) => {
      const saved = state({ containers: [{ name: PDB1, ...before }] });
      const closed = found.openMode === "MOUNTED";
      const start: StateNow = {
        state: state({ containers: [{ name: PDB1, ...found, restricted: !closed && found.restricted }] }),
        openedAt: closed ? {} : { PDB1: BY_OWN_OPEN },
        goneServices: [],
        ...(ours ? { ownOpenBy: OWN_OPEN } : {}),
      };
      let now = start;
      for (let round = 0; round < 3; round += 1)
        for (const { fix } of planRestore(saved, now)) if (fix !== undefined) now = performed(now, fix.sql);
      const left = planRestore(saved, now);
      expect(left.filter(({ fix, grave }) => fix !== undefined || grave)).toEqual([]);
      const taken = !ours && !closed && now.state.containers[0]?.openMode !== found.openMode;
      expect(taken).toBe(false);
    }),
  );
});

test("a saved state for the next STARTUP that somebody changed meanwhile is told, and left as it is", () => {
  const kept = (mode: string) => ({ container: PDB1, instance: "PROD1", state: mode, restricted: false });
  expect(differences({ atStartup: [kept("OPEN")] }, { atStartup: [kept("OPEN")] })).toEqual([]);
  const [changed, ...others] = differences({ atStartup: [kept("OPEN")] }, { atStartup: [] });
  expect(others).toEqual([]);
  expect(changed).toMatchObject({
    grave: false,
    seen: "for the next STARTUP PDB1 on PROD1 has saved no state, and had OPEN",
  });
  expect(changed).not.toHaveProperty("fix");
});
