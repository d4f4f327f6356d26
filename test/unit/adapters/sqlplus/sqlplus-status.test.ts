import { describe, expect, test } from "vitest";

import type { Errand } from "../../../../src/adapters/sqlplus/instance-error.ts";
import { readStatus } from "../../../../src/adapters/sqlplus/sqlplus-status.ts";

const look: Errand = { program: "sqlplus", action: "a look", changes: false };
const open = "UMBRA-INSTANCE|orcl|host|OPEN|ALLOWED|NO\nUMBRA-DATABASE|READ WRITE\nUMBRA-END\n";

describe("the state that sqlplus tells", () => {
  test("greetings and blank lines around the answer do not matter", () => {
    const text = `\nConnected to an idle instance.\n\n  ${open}`;
    expect(readStatus(look, text)).toEqual({
      state: "open",
      restricted: false,
      readOnly: false,
      instances: [{ name: "orcl", node: "host", state: "open" }],
    });
  });

  test.each([
    ["ERROR at line 1:\nORA-01034: ORACLE not available\nProcess ID: 0", "down"],
    ["ERROR:\nORA-01090: shutdown in progress - connection is not permitted", "stopping"],
    ["ORA-01089: immediate shutdown or close in progress", "stopping"],
    ["UMBRA-INSTANCE|orcl|h|STARTED|ALLOWED|NO\nORA-01507: database not mounted", "nomount"],
    ["UMBRA-INSTANCE|orcl|h|MOUNTED|ALLOWED|NO\nUMBRA-DATABASE|MOUNTED\nUMBRA-END", "mount"],
    [open.replace("ALLOWED|NO", "ALLOWED|YES"), "stopping"],
    [open.replace("|OPEN|", "|OPEN MIGRATE|"), "open"],
  ])("%j is %s", (text, state) => {
    expect(readStatus(look, text).state).toBe(state);
  });

  test("a standby that is open and applies is read only", () => {
    const text = open.replace("READ WRITE", "READ ONLY WITH APPLY");
    expect(readStatus(look, text).readOnly).toBe(true);
  });

  test.each([
    ["UMBRA-INSTANCE|orcl|h|MOUNTED|ALLOWED|NO\nORA-01507: database not mounted", "UMB-5301"],
    ["UMBRA-INSTANCE|orcl|h|OPEN|ALLOWED|NO\n", "UMB-5304"],
    ["ORA-00600: internal error code", "UMB-5301"],
    ["ORA-01017: invalid username/password; logon denied", "UMB-5307"],
  ])("%j is no state: %s", (text, code) => {
    expect(() => readStatus(look, text)).toThrow(expect.objectContaining({ code }));
  });
});
