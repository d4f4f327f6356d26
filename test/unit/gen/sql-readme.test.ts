import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readHeader, sqlReadme } from "../../../scripts/gen/sql-readme.ts";

const SQL =
  "-- purpose: read what the database\n--   calls itself\n-- versions: 12.1+\n-- binds: none\n-- grants: select on v_$database\nselect name from v$database -- purpose: no\n";

test("a header may go on over several lines, and ends where the statement begins", () => {
  expect(readHeader("a.sql", SQL)).toEqual({
    purpose: "read what the database calls itself",
    versions: "12.1+",
    binds: "none",
    grants: "select on v_$database",
  });
});

test("a statement without a whole header stops the generator", () => {
  expect(() => readHeader("a.sql", "-- purpose: x\nselect 1 from dual")).toThrow(
    "sql/a.sql: its header has no versions, binds, grants",
  );
});

test("the page lists every statement in the order of its name", () => {
  const directory = mkdtempSync(join(tmpdir(), "umbra-sql-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "b.sql"), SQL);
  writeFileSync(join(directory, "a.sql"), SQL);
  writeFileSync(join(directory, "README.md"), "");
  expect(sqlReadme(directory).match(/^## .*$/gm)).toEqual(["## a.sql", "## b.sql"]);
});
