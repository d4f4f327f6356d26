import { expect, test } from "vitest";

import { failureOf, failureOfRefusals, failureText } from "../../../src/cli/failure-text.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";

const wrongName = new UmbraError("UMB-2002", { name: "X\u001b[31m", suggestion: "", known: [] });

test("an error is its code, what happened and what to do, and exits by its class", () => {
  const failure = failureOf(wrongName);
  expect(failure.exit).toBe(2);
  expect(failureText(failure, "table")).toBe(
    "umbra: UMB-2002: no database is called X\\u001b[31m in the configuration\n  to do: `umbra config check` lists the databases that are configured\n",
  );
});

test("for programs an error is one JSON object on one line, with its fields", () => {
  const text = failureText(failureOf(wrongName), "ndjson");
  expect(text.indexOf("\n")).toBe(text.length - 1);
  expect(JSON.parse(text)).toMatchObject({
    exit: 2,
    errors: [{ code: "UMB-2002", details: { name: "X\u001b[31m" } }],
  });
});

test("all refusals are told at once, with their rules", () => {
  const refusals = [
    { code: "UMB-3001", rule: 3, seen: "PROD1 is in NOARCHIVELOG mode", todo: "alter database archivelog" },
    { code: "UMB-3002", seen: "the backup area is full", todo: "free 3 GiB" },
  ];
  const failure = failureOfRefusals(refusals);
  expect(failure.exit).toBe(3);
  expect(failureText(failure, "table")).toBe(
    "umbra: UMB-3001 (rule 3): PROD1 is in NOARCHIVELOG mode\n  to do: alter database archivelog\numbra: UMB-3002: the backup area is full\n  to do: free 3 GiB\n",
  );
});

test("what is no error of the catalogue is told as a bug, with status 1", () => {
  const failure = failureOf(new TypeError("x is not a function"));
  expect(failure.exit).toBe(1);
  expect(failureText(failure, "table")).toMatch(
    /^umbra: UMB-1001: a bug in umbra: TypeError: x is not a function\n/,
  );
});
