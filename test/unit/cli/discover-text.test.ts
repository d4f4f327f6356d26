import { expect, test } from "vitest";

import { discoverText } from "../../../src/cli/render/discover.ts";
import type { FoundDatabase } from "../../../src/discover/host/found.ts";
import type { FilePath } from "../../../src/domain/names.ts";

const from = "the instance";
const base = { instances: [], services: [], conflicts: [], gaps: [], runs: false } as const;
const home = { value: "/u01/db" as FilePath, from: "/etc/oratab:2" };

const databases: readonly FoundDatabase[] = [
  { ...base, kind: "asm", seenIn: ["/etc/oratab:1"], sid: { value: "+ASM1", from }, runs: true },
  {
    ...base,
    kind: "database",
    seenIn: ["process 7", "/etc/oratab:2", "listener LISTENER"],
    home,
    sid: { value: "PROD1", from },
    uniqueName: { value: "PROD1_A", from },
    role: { value: "PRIMARY", from },
    openMode: { value: "READ WRITE", from },
    logMode: { value: "NOARCHIVELOG", from },
    version: { value: "19.21.0.0.0", from },
    edition: { value: "EE", from },
    dbid: { value: "4044231230", from },
    runs: true,
    services: [{ service: "PROD1_ADMIN", status: "UNKNOWN", listener: "LISTENER", endpoint: undefined }],
    gaps: [{ stops: ["hot"], seen: "it runs in NOARCHIVELOG mode", todo: "switch it", rule: 3 }],
  },
  {
    ...base,
    kind: "database",
    seenIn: ["/etc/oratab:3"],
    home: { value: "/gone\u001b[2J" as FilePath, from },
    sid: { value: "OLD", from },
    dead: "its home /gone\u001b[2J does not exist",
  },
];

test("every database is told with what stops its backups, and nothing of the host draws on the screen", () => {
  const text = discoverText({
    host: "db1",
    account: { user: "umbra", groups: ["umbra", "dba"] },
    gridHome: { value: "/grid" as FilePath, from: "/etc/oracle/olr.loc" },
    umbra: "1.4.0",
    databases,
    problems: [{ seen: "/etc/oratab: not understood: line 9", todo: "put it right" }],
  });
  expect(text).toMatchInlineSnapshot(`
    "db1: 1 database, looked at as umbra, groups umbra dba
    Grid Infrastructure in /grid (/etc/oracle/olr.loc)
    umbra 1.4.0 runs there

    DATABASE  SID    STATE       ROLE     LOG MODE      VERSION      EDITION        DBID  HOME
    +ASM1     +ASM1  asm         ?        ?             ?            ?                 ?  ?
    PROD1_A   PROD1  READ WRITE  PRIMARY  NOARCHIVELOG  19.21.0.0.0  EE       4044231230  /u01/db
    OLD       OLD    dead entry  ?        ?             ?            ?                 ?  /gone\\u001b[2J

    +ASM1: belongs to Grid Infrastructure and needs no backup of its own
      seen in /etc/oratab:1

    PROD1_A: cold backup possible, the other not yet
      seen in process 7, /etc/oratab:2, listener LISTENER
      services PROD1_ADMIN (static)
      stops hot: it runs in NOARCHIVELOG mode
        to do (rule 3): switch it

    OLD: not a database: its home /gone\\u001b[2J does not exist
      seen in /etc/oratab:3

    Not looked at
      /etc/oratab: not understood: line 9
        to do: put it right"
  `);
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/\u001b/u);
});

test("a host without databases is told in one line", () => {
  const none = { host: "here", account: undefined, databases: [], problems: [] };
  expect(discoverText(none)).toBe("here: 0 databases, looked at as ?");
});
