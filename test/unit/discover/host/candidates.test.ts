import { describe, expect, test } from "vitest";

import { candidatesOf, type Heard, nameOf } from "../../../../src/discover/host/candidates.ts";
import { parseClusterDatabase } from "../../../../src/discover/host/cluster-config.ts";
import type { Candidate } from "../../../../src/discover/host/found.ts";
import { parseListenerStatus } from "../../../../src/discover/host/listener-status.ts";
import { parseOratab } from "../../../../src/discover/host/oratab.ts";
import { parseProcesses } from "../../../../src/discover/host/processes.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import * as told from "./told.ts";

function heard(more: {
  readonly oratab?: string;
  readonly processes?: string;
  readonly cluster?: readonly string[];
  readonly listener?: string;
}): Heard {
  return {
    oratabs: more.oratab === undefined ? [] : [{ path: "/etc/oratab", ...parseOratab(more.oratab) }],
    processes: parseProcesses(more.processes ?? ""),
    cluster: (more.cluster ?? []).flatMap((text) => parseClusterDatabase(text) ?? []),
    listeners:
      more.listener === undefined
        ? []
        : [{ name: "LISTENER", home: "/db" as FilePath, status: parseListenerStatus(more.listener) }],
  };
}

const pmon = (sid: string, home: string) =>
  `process 77\nowner oracle\nword ora_pmon_${sid}\nhome ${home}\nprogram ${home}/bin/oracle\n`;
const only = (all: readonly Candidate[]) => {
  expect(all).toHaveLength(1);
  return all[0];
};

describe("what several sources tell of a database is one candidate", () => {
  test("a process and its line of oratab", () => {
    const found = only(candidatesOf(heard({ oratab: "A:/db:Y", processes: pmon("A", "/db") })));
    expect(found).toMatchObject({
      kind: "database",
      seenIn: ["process 77", "/etc/oratab:1"],
      home: { value: "/db", from: "process 77" },
      runs: true,
      conflicts: [],
    });
  });

  test("an instance of a cluster, whose database is what oratab names", () => {
    const from = { oratab: "prod1_a:/u01/app/oracle/product/19c/db_1:N", cluster: [told.clusterRac] };
    const found = only(
      candidatesOf(heard({ ...from, processes: pmon("PROD12", "/u01/app/oracle/product/19c/db_1") })),
    );
    expect(found).toMatchObject({
      sid: { value: "PROD12", from: "process 77" },
      uniqueName: { value: "PROD1_A", from: "clusterware" },
      instances: ["PROD11", "PROD12"],
      clusterType: "RAC",
      seenIn: ["process 77", "clusterware", "/etc/oratab:1"],
      conflicts: [],
    });
    // Nobody knows which of the two instances is this host's while none runs.
    expect(only(candidatesOf(heard(from)))).not.toHaveProperty("sid");
  });

  test("a database that only clusterware knows has its only instance", () => {
    const found = only(candidatesOf(heard({ cluster: [told.clusterRestart] })));
    expect(found).toMatchObject({ sid: { value: "HR" }, seenIn: ["clusterware"], runs: false });
  });

  test("services of an instance, also where somebody wrote its name in another case", () => {
    const listener = 'Service "x" has 1 instance(s).\n  Instance "PROD1", status UNKNOWN, has 1 handler(s)\n';
    const found = only(candidatesOf(heard({ oratab: "prod1:/db:Y", listener })));
    expect(found?.services).toMatchObject([{ service: "x", status: "UNKNOWN", listener: "LISTENER" }]);
  });
});

test("a home that is told differently is the running one's, and a conflict is told", () => {
  const found = only(candidatesOf(heard({ oratab: "A:/old:Y", processes: pmon("A", "/new") })));
  expect(found?.home?.value).toBe("/new");
  expect(found?.conflicts).toEqual(["/etc/oratab:1 says its home is /old, process 77 says /new"]);
});

test("a SID that runs from two homes is two databases, each with its own line and its own listener's services", () => {
  const processes = pmon("A", "/db") + pmon("A", "/other").replace("77", "78");
  const listener = 'Service "a" has 1 instance(s).\n  Instance "A", status READY, has 1 handler(s)\n';
  const found = candidatesOf(heard({ oratab: "A:/other:Y\nA:/db:Y\n", processes, listener }));
  expect(
    found.map(({ home, seenIn, services }) => [home?.value, seenIn.slice(0, 2), services.length]),
  ).toEqual([
    ["/db", ["process 77", "/etc/oratab:2"], 1],
    ["/other", ["process 78", "/etc/oratab:1"], 0],
  ]);
  expect(found.flatMap(({ conflicts }) => conflicts)).toEqual([]);
});

test("what belongs to Grid Infrastructure is told apart, and external procedures are no instance", () => {
  const listener = [
    'Service "PLSExtProc" has 1 instance(s).',
    '  Instance "PLSExtProc", status UNKNOWN, has 1 handler(s)',
    'Service "+APX" has 1 instance(s).',
    '  Instance "+APX1", status READY, has 1 handler(s)',
  ].join("\n");
  const oratab = "+ASM1:/grid:N\n-MGMTDB:/grid:N\n*:/client:N\nA:/db:Y\n";
  const kinds = candidatesOf(heard({ oratab, listener })).map((one) => [nameOf(one), one.kind]);
  expect(kinds).toEqual([
    ["+APX1", "proxy"],
    ["+ASM1", "asm"],
    ["-MGMTDB", "management"],
    ["A", "database"],
  ]);
});

test("nothing told is nothing found", () => {
  expect(candidatesOf(heard({}))).toEqual([]);
});
