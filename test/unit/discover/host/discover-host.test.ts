import { expect, test } from "vitest";

import { UmbraError } from "../../../../src/errors/umbra-error.ts";
import { openInstance } from "./told.ts";
import { discovered, type ToldHost, toldHost } from "./told-host.ts";

const DENIED = "ERROR:\nORA-01017: invalid username/password; logon denied\n\n";
const SOFTWARE = { "/db/bin/sqlplus": "", "/db/bin/oracle": "" };
const PMON = "process 9\nowner oracle\nword ora_pmon_PROD1\nhome /db\nprogram /db/bin/oracle\n";
const LISTENER = 'Service "PROD1" has 1 instance(s).\n  Instance "PROD1", status UNKNOWN, has 1 handler(s)\n';

const usual: Required<ToldHost> = {
  files: { ...SOFTWARE, "/etc/oratab": "PROD1:/db:Y\n" },
  programs: {
    id: "umbra\numbra dba\n",
    processes: PMON,
    "/db/bin/oraversion -compositeVersion": "19.20.0.0.0\n",
    "/db/bin/sqlplus -S -L / as sysbackup": [1, DENIED],
    "/db/bin/sqlplus -S -L / as sysdba": openInstance,
    "/db/bin/lsnrctl status LISTENER": LISTENER,
  },
};

test("an instance is asked with the smallest privilege that the account has, and knows best", async () => {
  const { databases, account, problems } = await discovered(usual);
  expect(account).toEqual({ user: "umbra", groups: ["umbra", "dba"] });
  expect(problems).toEqual([]);
  expect(databases).toHaveLength(1);
  expect(databases[0]).toMatchObject({
    privilege: "sysdba",
    state: { value: "open", from: "the instance" },
    version: { value: "19.21.0.0.0", from: "the instance" },
    uniqueName: { value: "PROD1_A" },
    gaps: [],
  });
});

test("an account without rights still sees what is there, and is told what it lacks", async () => {
  const programs = { ...usual.programs, "/db/bin/sqlplus -S -L / as sysdba": [1, DENIED] as const };
  const files = { ...usual.files, "/db/rdbms/lib/config.c": '#define SS_BKP_GRP "backupdba"\n' };
  const { databases } = await discovered({ files, programs });
  expect(databases[0]).toMatchObject({ version: { value: "19.20.0.0.0", from: "oraversion" }, runs: true });
  expect(databases[0]).not.toHaveProperty("state");
  expect(databases[0]).not.toHaveProperty("dbid");
  expect(databases[0]?.gaps).toMatchObject([
    { stops: ["cold"], todo: expect.stringContaining("backupdba") as string },
  ]);
});

test("entries without a home, and homes without software, are dead and are not asked", async () => {
  const oratab = "GONE:/no/home:Y\nCLIENT:/client:N\n";
  const host = toldHost({
    files: { "/etc/oratab": oratab, "/client/lib/x": "" },
    programs: { id: "u\nu\n" },
  });
  const { databases } = await discovered({}, { host });
  expect(databases.map(({ dead }) => dead)).toEqual([
    "/client holds no database software",
    "its home /no/home does not exist",
  ]);
  expect(host.ran.filter((line) => line.includes("sqlplus"))).toEqual([]);
});

test("a program that hangs or floods is a remark of the report, and the rest is told all the same", async () => {
  const late = new UmbraError("UMB-7202", { host: "db1", program: "lsnrctl", deadlineMs: 1 });
  const flood = new UmbraError("UMB-7204", { host: "db1", program: "sqlplus", maxOutputBytes: 1 });
  const programs = {
    ...usual.programs,
    "/db/bin/lsnrctl status LISTENER": late,
    "/db/bin/sqlplus -S -L / as sysbackup": flood,
  };
  const { databases, problems } = await discovered({ ...usual, programs });
  expect(problems.map(({ seen }) => seen)).toEqual([late.message, flood.message]);
  expect(databases[0]).toMatchObject({ runs: true, services: [], version: { value: "19.20.0.0.0" } });
});

test("a listener is asked from every home where none is seen to run, and told once", async () => {
  const at = (port: number) => `  (DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=db1)(PORT=${port})))\n`;
  const none = "TNS-12541: TNS:no listener\n";
  const oratab = "PROD1:/db:Y\nA:/a:Y\nB:/b:Y\nC:/c:Y\n";
  const of = (name: string) => LISTENER.replaceAll("PROD1", name);
  const { databases, problems } = await discovered({
    files: { ...usual.files, "/etc/oratab": oratab },
    programs: {
      ...usual.programs,
      "/db/bin/lsnrctl status LISTENER": at(1521) + LISTENER,
      "/a/bin/lsnrctl status LISTENER": at(1521) + LISTENER,
      "/b/bin/lsnrctl status LISTENER": at(1522) + of("B"),
      "/c/bin/lsnrctl status LISTENER": [1, none],
    },
  });
  expect(
    databases.map(({ sid, services }) => [sid?.value, services.map(({ endpoint }) => endpoint?.port)]),
  ).toEqual([
    ["A", []],
    ["B", [1522]],
    ["C", []],
    ["PROD1", [1521]],
  ]);
  expect(problems).toEqual([]);
  const silent = { ...usual.programs, "/db/bin/lsnrctl status LISTENER": [1, none] as const };
  const without = await discovered({ ...usual, programs: silent });
  expect(without.problems).toMatchObject([{ seen: "LISTENER of /db: TNS-12541: TNS:no listener" }]);
});

test("a host that cannot be reached is an error, and so is a signal", async () => {
  const unreachable = new UmbraError("UMB-7211", { host: "db1", problem: "no route" });
  await expect(discovered({ programs: { id: unreachable } })).rejects.toThrow(unreachable);
  const stop = new Error("stopped");
  await expect(discovered({ programs: { ...usual.programs, processes: stop } })).rejects.toThrow(stop);
});

test("clusterware is asked from its own home, and for a database of another version from that one", async () => {
  const { databases, gridHome } = await discovered({
    files: { "/etc/oracle/olr.loc": "crs_home=/grid\n", "/old/bin/sqlplus": "" },
    programs: {
      id: "u\nu\n",
      "/grid/bin/srvctl config database": "hr\nbroken\n",
      "/grid/bin/srvctl config database -d hr": [
        1,
        "PRCD-1027 : Failed to retrieve database hr\nPRCD-1229 : An attempt to access configuration of database hr was rejected because its version 12.2.0.1.0 differs from the program version 19.0.0.0.0. Instead run the program from /old.\n",
      ],
      "/old/bin/srvctl config database -d hr":
        "Database unique name: hr\nOracle home: /old\nDatabase instance: HR\n",
      "/grid/bin/srvctl config database -d broken": [
        1,
        "PRCR-1001 : Resource ora.broken.db does not exist\n",
      ],
    },
  });
  expect(gridHome).toEqual({ value: "/grid", from: "/etc/oracle/olr.loc" });
  expect(databases).toMatchObject([
    { uniqueName: { value: "hr" }, home: { value: "/old" }, sid: { value: "HR" } },
  ]);
});

test("umbra on the far side is asked for its version", async () => {
  const programs = { ...usual.programs, "umbra --version": "1.4.0\n" };
  expect(
    (await discovered({ ...usual, programs }, { umbra: ["umbra"], host: toldHost({ ...usual, programs }) }))
      .umbra,
  ).toBe("1.4.0");
  const without = await discovered(usual, { umbra: ["umbra"] });
  expect(without).not.toHaveProperty("umbra");
  expect(without.databases[0]?.gaps).toMatchObject([
    { stops: [], seen: "umbra does not answer on its host" },
  ]);
});
