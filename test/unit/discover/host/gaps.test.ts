import { describe, expect, test } from "vitest";

import type { FoundDatabase } from "../../../../src/discover/host/found.ts";
import { gapsOf, type GapSurroundings } from "../../../../src/discover/host/gaps.ts";
import type { FilePath } from "../../../../src/domain/names.ts";

const from = "the instance";
const service = { listener: "LISTENER", endpoint: { host: "db1", port: 1521 } };

/** A database that lacks nothing. */
const whole: Omit<FoundDatabase, "gaps"> = {
  kind: "database",
  seenIn: ["process 1"],
  home: { value: "/db" as FilePath, from: "process 1" },
  sid: { value: "A", from: "process 1" },
  role: { value: "PRIMARY", from },
  logMode: { value: "ARCHIVELOG", from },
  openMode: { value: "READ WRITE", from },
  state: { value: "open", from },
  files: { value: { count: 5, inAsm: 0, bytes: 1024 }, from },
  privilege: "sysbackup",
  instances: [],
  runs: true,
  services: [
    { ...service, service: "A", status: "READY" },
    { ...service, service: "A_ADMIN", status: "UNKNOWN" },
  ],
  conflicts: [],
};
const around: GapSurroundings = {
  account: { user: "umbra", groups: ["umbra"] },
  groups: { dba: "dba", backup: "backupdba" },
  withoutUmbra: false,
  codes: [],
};

test("nothing is missing where everything is there", () => {
  expect(gapsOf(whole, around)).toEqual([]);
});

describe("each thing that is missing stops the backups that need it, and says what to do", () => {
  const { privilege: _, ...shut } = whole;
  const { sid: _sid, ...elsewhere } = whole;
  const { home: _home, ...homeless } = whole;
  test.each<[string, Omit<FoundDatabase, "gaps">, readonly string[], string]>([
    [
      "archive mode",
      { ...whole, logMode: { value: "NOARCHIVELOG", from } },
      ["hot"],
      "ALTER DATABASE ARCHIVELOG",
    ],
    [
      "the primary role",
      { ...whole, role: { value: "PHYSICAL STANDBY", from } },
      ["hot"],
      "back up the primary",
    ],
    [
      "files outside of ASM",
      { ...whole, files: { value: { count: 5, inAsm: 5, bytes: 1 }, from } },
      ["hot", "cold"],
      "RMAN",
    ],
    ["rights", shut, ["cold"], "put umbra into backupdba (usermod -aG)"],
    ["a home", homeless, ["cold"], "oratab"],
    ["a local instance", elsewhere, [], "on a host where it runs"],
    ["a running instance", { ...whole, state: { value: "down", from } }, ["hot"], "start it up"],
    ["a service", { ...whole, services: [] }, ["hot", "cold"], "start the listener"],
    ["a static service", { ...whole, services: whole.services.slice(0, 1) }, ["cold"], "SID_NAME=A"],
    ["agreement", { ...whole, conflicts: ["x says y"] }, [], "put oratab right"],
  ])("%s", (_what, found, stops, todo) => {
    const gaps = gapsOf(found, around);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ stops, todo: expect.stringContaining(todo) as string });
  });

  test("umbra on its host is only worth knowing", () => {
    expect(gapsOf(whole, { ...around, withoutUmbra: true })).toMatchObject([{ stops: [] }]);
  });

  test("with what sqlplus refused it is told", () => {
    expect(gapsOf(shut, { ...around, codes: [1017, 1031, 1017] })[0]?.seen).toContain(
      "(ORA-01017, ORA-01031)",
    );
  });

  test("an account that is in the group already is not sent there again", () => {
    const account = { user: "umbra", groups: ["backupdba"] };
    expect(gapsOf(shut, { ...around, account })[0]?.todo).toContain("is in backupdba already");
  });
});

test("a role that was only registered, and a cluster's listeners, are no reason", () => {
  const found = { ...whole, role: { value: "PHYSICAL_STANDBY", from: "clusterware" } };
  expect(gapsOf({ ...found, clusterType: "RAC", services: whole.services.slice(0, 1) }, around)).toEqual([]);
});

test.each([{ dead: "its home does not exist" }, { kind: "asm" } as const])(
  "nothing is missing for %j",
  (more) => {
    expect(gapsOf({ ...whole, services: [], ...more }, around)).toEqual([]);
  },
);

test("the gravest comes first", () => {
  const worst = { ...whole, services: [], logMode: { value: "NOARCHIVELOG", from }, conflicts: ["x"] };
  expect(gapsOf(worst, around).map(({ stops }) => stops.length)).toEqual([2, 1, 0]);
});
