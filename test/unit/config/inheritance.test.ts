import { expect, test } from "vitest";

import type { DatabaseName } from "../../../src/domain/names.ts";
import { fleetOf, problemTexts } from "./fleet-files.ts";

const FLEET = `
defaults:
  storage: nas1
  user: U
  password: {credential: umbra}
  backup: {parallel: 3}
storages: {nas1: {path: /backup/}}
databases:
  A:
    dbid: 1
    connect: a:1521/A
    backup: {mode: database}
    backup-area: /elsewhere/A
  B:
    like: A
    connect: b:1521/B
    password: {env: PW}
    deadlines: {connect: 5s}
`;

async function database(name: string) {
  const { fleet, origins } = await fleetOf({ "/f.yaml": FLEET });
  const config = fleet.databases.get(name as DatabaseName);
  if (config === undefined) throw new Error(`${name} is not in the fleet`);
  return { config, origins: origins.get(name as DatabaseName) ?? [], fleet };
}

test("what a database says wins over the one it is like, that over the defaults, and those over what is built in", async () => {
  const { config } = await database("B");
  expect(config.backup).toEqual({ mode: "database", parallel: 3, spareBytes: 1024 ** 3 });
  expect(config.connect).toEqual({
    connectString: "b:1521/B",
    user: "U",
    privilege: "sysbackup",
    password: { from: "env", variable: "PW" },
  });
  expect(config.deadlines).toMatchObject({ connectMs: 5000, statementMs: 120_000 });
});

test("DBID and backup area are never taken over from another database", async () => {
  const { config } = await database("B");
  expect(config.dbid).toBeUndefined();
  expect(config.backupArea).toBe("/backup/B");
});

test("each effective setting tells the place that set it", async () => {
  const { origins } = await database("B");
  const from = Object.fromEntries(
    origins.map((origin) => [origin.setting, `${origin.value} ← ${origin.from}`]),
  );
  expect(from).toMatchObject({
    connect: "b:1521/B ← /f.yaml:16:14",
    user: "U ← /f.yaml:4:9",
    privilege: "sysbackup ← built in",
    "password.env": "PW ← /f.yaml:17:21",
    "backup.mode": "database ← /f.yaml:12:20",
    "backup-area": "/backup/B ← computed",
  });
  expect(from).not.toHaveProperty(["password.credential"]);
});

test("the fleet cannot be changed", async () => {
  const { config, fleet } = await database("A");
  expect(Object.isFrozen(fleet)).toBe(true);
  expect(Object.isFrozen(config)).toBe(true);
  expect(Object.isFrozen(config.connect.password)).toBe(true);
});

test("anchors, aliases and merge keys work, and a problem is shown where the value stands", async () => {
  const text = FLEET.replace("backup: {parallel: 3}", "backup: &b {parallel: 0}").replace(
    "{mode: database}",
    "{<<: *b}",
  );
  expect(await problemTexts(text)).toEqual([
    "defaults.backup.parallel must be at least 1",
    "databases.A.backup.parallel must be at least 1",
  ]);
});

test("an alias bomb is refused, not expanded", async () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
  );
  const problems = await problemTexts(["a0: &a0 [x]", ...levels].join("\n"));
  expect(problems).toEqual([expect.stringContaining("grows to more than 50000 values through its aliases")]);
});

test("an alias to itself is refused", async () => {
  expect(await problemTexts("defaults: &d {backup: *d}")).toEqual([
    expect.stringContaining("refers to itself"),
  ]);
});

test("included files add storages and databases, and see the defaults of the first", async () => {
  const { fleet } = await fleetOf({
    "/etc/f.yaml": `${FLEET}\ninclude: [more/c.yaml]`,
    "/etc/more/c.yaml": 'databases: {C: {storage: nas2, connect: "c:1521/C"}}\ninclude: [d.yaml]',
    "/etc/more/d.yaml": "storages: {nas2: {path: /two}}",
  });
  expect([...fleet.databases.keys()]).toEqual(["A", "B", "C"]);
  expect(fleet.databases.get("C" as DatabaseName)).toMatchObject({
    backupArea: "/two/C",
    backup: { parallel: 3 },
  });
});
