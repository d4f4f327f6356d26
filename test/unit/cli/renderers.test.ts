import { expect, test } from "vitest";

import { checkText } from "../../../src/cli/render/check.ts";
import { type PlanLine, planText } from "../../../src/cli/render/plan.ts";
import { table } from "../../../src/cli/table.ts";

test("a plan shows each statement with its container, each copy with its size, and what to know", () => {
  const lines: readonly PlanLine[] = [
    {
      id: "begin",
      title: "begin backup of USERS",
      container: "PDB1",
      sql: ['alter tablespace "USERS" begin backup'],
    },
    {
      id: "copy",
      title: "copy datafile 7",
      sql: [],
      source: "/data/us\ners.dbf",
      target: "/backup/7.dbf",
      bytes: 3_221_225_472,
    },
    {
      id: "manifest",
      title: "write the manifest",
      sql: [],
      target: "/backup/manifest.json",
    },
  ];
  const warnings = [{ rule: 57, seen: "force logging is off", todo: "alter database force logging" }];
  expect(planText("hot backup of PROD1", lines, warnings)).toMatchInlineSnapshot(`
    "hot backup of PROD1
    1. begin backup of USERS
       SQL in PDB1: alter tablespace "USERS" begin backup
    2. copy datafile 7 (3.00 GiB)
       /data/us\\ners.dbf → /backup/7.dbf
    3. write the manifest
       → /backup/manifest.json
    warning (rule 57): force logging is off
      to do: alter database force logging
    3 steps, 3.00 GiB to copy. Nothing was changed: this is the plan."
  `);
});

test("a check shows what is right in a line, and below what is wrong what to do", () => {
  const items = [
    { name: "connection", ok: true, seen: "as SYSBACKUP", severity: "error" },
    {
      name: "archive mode",
      ok: false,
      seen: "NOARCHIVELOG",
      todo: "alter database archivelog",
      rule: 3,
      severity: "error",
    },
    {
      name: "file systems",
      ok: false,
      seen: "backup area beside the datafiles",
      todo: "use other storage",
      severity: "warning",
    },
  ] as const;
  expect(checkText("PROD1", items)).toMatchInlineSnapshot(`
    "ok       connection    as SYSBACKUP
    FAILED   archive mode  NOARCHIVELOG
                           to do (rule 3): alter database archivelog
    warning  file systems  backup area beside the datafiles
                           to do: use other storage
    PROD1 is not ready for a backup: 1 problem, 1 warning"
  `);
});

test("a table has no line that ends in spaces, and numbers stand right", () => {
  const columns = [
    { title: "N", value: (row: { n: number; t: string }) => String(row.n), right: true },
    { title: "TEXT", value: (row: { n: number; t: string }) => row.t },
  ];
  expect(
    table(columns, [
      { n: 1, t: "a" },
      { n: 100, t: "" },
    ]),
  ).toBe("  N  TEXT\n  1  a\n100");
});
