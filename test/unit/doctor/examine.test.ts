import { describe, expect, test } from "vitest";

import { doctorText } from "../../../src/cli/render/doctor.ts";
import type { DoctorAround, DoctorCheck, DoctorChecks } from "../../../src/doctor/check.ts";
import type { Diagnostics } from "../../../src/doctor/diagnostics.ts";
import { examine } from "../../../src/doctor/examine.ts";
import { type Found, ok, problem, warning } from "../../../src/doctor/line.ts";
import type { Fleet } from "../../../src/domain/fleet.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { fleetOf } from "../config/fleet-files.ts";

const CONFIG = `
hosts:
  bastion: {address: bastion, user: u, key: /k}
  db1: {address: db1, user: u, key: /k, umbra: [umbra], via: bastion}
  db2: {address: db2, user: u, key: /k, umbra: [umbra]}
  nas: {address: nas, user: u, key: /k, umbra: [umbra]}
  spare: {address: spare, user: u, key: /k}
storages: {one: {path: /one, host: nas}, two: {path: /two, host: here}, unused: {path: /unused}}
defaults: {user: U, password: {env: PW}, storage: one}
databases:
  A: {connect: a/A, host: db1}
  B: {connect: b/B, storage: two}
  C: {connect: c/C, storage: two, host: db2}
  D: {connect: d/D, storage: two, host: db2}
`;

function named<Subject>(
  what: string,
  look: (subject: Subject) => Promise<Found | undefined>,
): DoctorCheck<Subject> {
  return { what, look: (_around, subject) => look(subject) };
}

const none: DoctorChecks = { installation: [], host: [], database: [], storage: [] };

async function examined(
  checks: Partial<DoctorChecks>,
  options: { database?: string; deadlineMs?: number } = {},
) {
  const { fleet } = await fleetOf({ "/f.yaml": CONFIG });
  const around: DoctorAround = {
    fleet,
    diagnostics: {} as Diagnostics,
    state: () => Promise.reject(new Error("not expected")),
  };
  const databases = [...fleet.databases.values()].filter(
    ({ name }) => options.database === undefined || name === options.database,
  );
  return await examine(around, {
    databases,
    hosts: options.database === undefined ? "all" : "used",
    checks: { ...none, ...checks },
    deadlineMs: options.deadlineMs ?? 5_000,
    signal: new AbortController().signal,
  });
}

describe("what is looked at", () => {
  const everything: DoctorChecks = {
    installation: [named<Fleet>("i", async () => ok(""))],
    host: [named("h", async () => ok(""))],
    database: [named("d", async () => ok(""))],
    storage: [named("s", async () => ok(""))],
  };

  test("every host and database, and each storage once for each machine that writes on it", async () => {
    expect((await examined(everything)).map(({ about }) => about)).toEqual([
      "umbra",
      "host bastion",
      "host db1",
      "host db2",
      "host nas",
      "host spare",
      "database A",
      "database B",
      "database C",
      "database D",
      "storage one on db1",
      "storage two",
      "storage two on db2",
    ]);
  });

  test("for one database only what it uses, with the hosts on the way", async () => {
    expect((await examined(everything, { database: "A" })).map(({ about }) => about)).toEqual([
      "umbra",
      "host bastion",
      "host db1",
      "host nas",
      "database A",
      "storage one on db1",
    ]);
  });
});

test("a check that hangs is a problem at its deadline, and holds nothing else", async () => {
  const hangs = named<Fleet>("hangs", () => new Promise(() => {}));
  const lines = await examined(
    { installation: [hangs, named<Fleet>("fine", async () => ok("yes"))] },
    { deadlineMs: 20 },
  );
  expect(lines).toEqual([
    {
      about: "umbra",
      what: "hangs",
      level: "problem",
      seen: "no answer within 20 ms",
      todo: "something behind it hangs: a mount, a host or the network",
    },
    { about: "umbra", what: "fine", level: "ok", seen: "yes" },
  ]);
});

test("an error of the catalogue is a problem with its own hint; any other is a bug", async () => {
  const fails = (error: Error) => ({
    installation: [
      named<Fleet>("x", async () => {
        throw error;
      }),
    ],
  });
  const known = new UmbraError("UMB-2105", { variable: "PW" });
  expect(await examined(fails(known))).toEqual([
    expect.objectContaining({ level: "problem", seen: `UMB-2105: ${known.message}`, todo: known.hint }),
  ]);
  await expect(examined(fails(new TypeError("x is not a function")))).rejects.toThrow(TypeError);
});

test("a check that has nothing to say makes no line", async () => {
  expect(await examined({ installation: [named<Fleet>("x", async () => undefined)] })).toEqual([]);
});

test("the text has a heading for each part, and advice below what is not right", async () => {
  const lines = await examined(
    {
      installation: [named<Fleet>("driver", async () => ok("thin"))],
      host: [named("login", async ({ name }) => (name === "db1" ? problem("refused", "look") : undefined))],
      storage: [named("free", async () => warning("little", "enlarge"))],
    },
    { database: "A" },
  );
  expect(doctorText(lines)).toMatchInlineSnapshot(`
    "umbra
      ok       driver  thin
    host db1
      PROBLEM  login   refused
                       to do: look
    storage one on db1
      warning  free    little
                       to do: enlarge
    Found 1 problem and 1 warning."
  `);
});
