import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  otherSrvctlHome,
  parseClusterDatabase,
  parseClusterNames,
} from "../../../../src/discover/host/cluster-config.ts";
import {
  parseHomeGroups,
  parseOraversion,
  parseSqlplusVersion,
} from "../../../../src/discover/host/home-version.ts";
import { parseInstanceAnswer } from "../../../../src/discover/host/instance-answer.ts";
import { parseListenerStatus } from "../../../../src/discover/host/listener-status.ts";
import { parseOlrLocation } from "../../../../src/discover/host/olr-location.ts";
import { parseOratab } from "../../../../src/discover/host/oratab.ts";
import { parseProcesses } from "../../../../src/discover/host/processes.ts";
import * as told from "./told.ts";

describe("oratab", () => {
  test("entries are read with their flags, whatever stands around them", () => {
    expect(parseOratab(told.oratab)).toEqual({
      entries: [
        { name: "+ASM1", home: "/u01/app/19.0.0/grid", flag: "N", line: 5 },
        { name: "PROD1", home: "/u01/app/oracle/product/19c/db_1", flag: "Y", line: 6 },
        { name: "hr", home: "/u01/app/oracle/product/12.2/db_1", flag: "W", line: 7 },
        { name: "*", home: "/u01/app/oracle/client", flag: "N", line: 8 },
        { name: "-MGMTDB", home: "/u01/app/19.0.0/grid", flag: "N", line: 9 },
        { name: "BARE", home: "/opt/a home", flag: undefined, line: 10 },
      ],
      unreadable: [11, 12],
    });
  });

  test("what was written as an entry is read as that entry", () => {
    const name = fc.stringMatching(/^[A-Za-z+*-][A-Za-z0-9_]{0,10}$/u);
    const home = fc.stringMatching(/^(\/[A-Za-z0-9._-]{1,8}){1,4}$/u);
    const flag = fc.constantFrom("Y", "N", "W");
    const comment = fc.constantFrom("", " # said by dbca", "\t#:::");
    fc.assert(
      fc.property(name, home, flag, comment, (sid, path, boot, behind) => {
        const { entries } = parseOratab(`${sid}:${path}/:${boot}${behind}\n`);
        expect(entries).toEqual([{ name: sid, home: path, flag: boot, line: 1 }]);
      }),
    );
  });
});

test("the home of Grid Infrastructure is read from olr.loc", () => {
  expect(parseOlrLocation("olrconfig_loc=/u01/app/olr\ncrs_home=/u01/app/19.0.0/grid/\n")).toBe(
    "/u01/app/19.0.0/grid",
  );
  expect(parseOlrLocation("crs_home=\n")).toBeUndefined();
});

test("processes are told apart, and those that only mention such a name are left out", () => {
  const db = "/u01/app/oracle/product/19c/db_1";
  expect(parseProcesses(told.processes)).toEqual({
    pmons: [
      { pid: 1181, sid: "PROD1", kind: "database", home: db, owner: "oracle" },
      { pid: 1190, sid: "FREE", kind: "database", home: "/opt/oracle/23ai", owner: "oracle" },
      { pid: 1200, sid: "+ASM1", kind: "asm", home: undefined, owner: "grid" },
      { pid: 1201, sid: "-MGMTDB", kind: "management", home: undefined, owner: "grid" },
    ],
    listeners: [
      { pid: 1300, name: "LISTENER_SCAN1", home: "/u01/app/19.0.0/grid", owner: "grid" },
      { pid: 1301, name: "LISTENER", home: db, owner: "oracle" },
    ],
  });
});

describe("a listener", () => {
  test("tells its ports, its services and which are static", () => {
    const { endpoints, served, problem } = parseListenerStatus(told.listenerStatus);
    expect(problem).toBeUndefined();
    expect(endpoints).toEqual([{ host: "db1.example.com", port: 1521 }]);
    expect(served).toEqual([
      { service: "PROD1.example.com", instance: "PROD1", status: "READY" },
      { service: "PROD1_DGMGRL", instance: "PROD1", status: "UNKNOWN" },
      { service: "hr", instance: "hr1", status: "UNKNOWN" },
      { service: "hr", instance: "hr1", status: "BLOCKED" },
    ]);
  });

  test("says the same in the longer words of `services`", () => {
    expect(parseListenerStatus(told.listenerServices).served).toEqual([
      { service: "sales.us.example.com", instance: "sales", status: "READY" },
    ]);
  });

  test("that is not there, or not for this account, leaves its first complaint", () => {
    expect(
      parseListenerStatus("Connecting to (ADDRESS=…)\nTNS-12541: TNS:no listener\n TNS-12560: x\n"),
    ).toEqual({
      endpoints: [],
      served: [],
      problem: "TNS-12541: TNS:no listener",
    });
  });
});

describe("clusterware", () => {
  test("its databases are listed alone, or with home and version", () => {
    expect(parseClusterNames("prod1\nhr\n\n")).toEqual(["prod1", "hr"]);
    expect(parseClusterNames("prod1\t/u01/db\t19.0.0.0.0\nhr\t/u01/db2\t12.2.0.1.0\n")).toEqual([
      "prod1",
      "hr",
    ]);
    expect(parseClusterNames("PRCR-1070 : Failed to check if resource is registered\n")).toEqual([]);
  });

  test.each([
    [
      "a cluster of 19c",
      told.clusterRac,
      { type: "RAC", instances: ["PROD11", "PROD12"], nodes: ["db1", "db2"] },
    ],
    ["Oracle Restart", told.clusterRestart, { type: "SINGLE", instances: ["HR"], diskGroups: ["DATA"] }],
    [
      "11.2",
      told.cluster112,
      { type: undefined, databaseName: undefined, instances: ["old1"], role: "PRIMARY" },
    ],
  ])("%s describes a database", (_, text, wanted) => {
    expect(parseClusterDatabase(text)).toMatchObject(wanted);
  });

  test("a database of another version is looked at from the home that srvctl names", () => {
    expect(otherSrvctlHome(told.otherVersion)).toBe("/u01/app/oracle/product/12.2/db_1");
    expect(otherSrvctlHome("PRCD-1120 : no such database")).toBeUndefined();
  });
});

test("a home's version is the release update's where the tool tells it", () => {
  expect(parseOraversion("19.21.0.0.0\n")).toBe("19.21.0.0.0");
  expect(parseOraversion("oraversion: error 19.21.0.0.0")).toBeUndefined();
  const plus = "\nSQL*Plus: Release 19.0.0.0.0 - Production\n";
  expect(parseSqlplusVersion(plus)).toBe("19.0.0.0.0");
  expect(parseSqlplusVersion(`${plus}Version 19.21.0.0.0\n`)).toBe("19.21.0.0.0");
});

test("the groups that a home was linked with are read", () => {
  expect(
    parseHomeGroups(
      '/* x */\n#define SS_DBA_GRP "dba"\n#define SS_OPER_GRP ""\n#define SS_BKP_GRP "backupdba"\n',
    ),
  ).toEqual({ dba: "dba", backup: "backupdba" });
  expect(parseHomeGroups('#define SS_BKP_GRP ""')).toEqual({ dba: undefined, backup: undefined });
});

describe("an instance", () => {
  test("that is open tells everything", () => {
    expect(parseInstanceAnswer(told.openInstance)).toEqual({
      state: "open",
      instance: { name: "PROD1", host: "db1", version: "19.21.0.0.0" },
      edition: "EE",
      database: {
        dbid: "4044231230",
        name: "PROD1",
        uniqueName: "PROD1_A",
        role: "PRIMARY",
        openMode: "READ WRITE",
        logMode: "ARCHIVELOG",
      },
      cdb: true,
      files: { count: 12, inAsm: 0, bytes: 10_737_418_240 },
      clustered: false,
      codes: [],
    });
  });

  test("that is only started tells of itself, an idle one that it is down", () => {
    const started =
      'UMBRA-FOUND|instance|PROD1|db1|STARTED|NO|12.2.0.1.0\nselect version_full\nERROR at line 1:\nORA-00904: "VERSION_FULL": invalid identifier\nORA-01507: database not mounted\n';
    expect(parseInstanceAnswer(started)).toMatchObject({
      state: "started",
      instance: { version: "12.2.0.1.0" },
      codes: [904, 1507],
    });
    expect(parseInstanceAnswer(started)).not.toHaveProperty("database");
    expect(parseInstanceAnswer("ERROR:\nORA-01034: ORACLE not available\n").state).toBe("down");
    expect(parseInstanceAnswer("ORA-01089: immediate shutdown in progress\n").state).toBe("stopping");
    expect(parseInstanceAnswer("ORA-01017: invalid username/password; logon denied\n")).toEqual({
      state: undefined,
      codes: [1017],
    });
  });
});

const parsers = {
  parseOratab,
  parseOlrLocation,
  parseProcesses,
  parseListenerStatus,
  parseClusterNames,
  parseClusterDatabase,
  otherSrvctlHome,
  parseOraversion,
  parseSqlplusVersion,
  parseHomeGroups,
  parseInstanceAnswer,
};

test.each(Object.entries(parsers))("%s never throws, whatever a host prints", (_, parse) => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...Object.values(told).flatMap((text) => text.split("\n"))),
  );
  const garbage = fc.array(line, { maxLength: 30 }).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(garbage, fc.nat(200), (text, cut) => {
      parse(text);
      parse(text.slice(cut));
      expect(text.length).toBeGreaterThanOrEqual(0);
    }),
  );
});
