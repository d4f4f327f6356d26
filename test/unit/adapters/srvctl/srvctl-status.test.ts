import { describe, expect, test } from "vitest";

import type { Errand } from "../../../../src/adapters/sqlplus/instance-error.ts";
import { readStatus } from "../../../../src/adapters/srvctl/srvctl-status.ts";

const look: Errand = { program: "srvctl", action: "a look", changes: false };

describe("what srvctl status prints", () => {
  test("a cluster is as far as its furthest instance, and each is told with its node", () => {
    const text = [
      "Instance prod1 is running on node rac-a. Instance status: Open.",
      "Instance prod2 is not running on node rac-b",
      "Instance prod3 is running on node rac-c. Instance status: Mounted (Closed).",
      "",
    ].join("\n");
    expect(readStatus(look, text)).toEqual({
      state: "open",
      restricted: false,
      readOnly: false,
      instances: [
        { name: "prod1", node: "rac-a", state: "open" },
        { name: "prod2", node: "rac-b", state: "down" },
        { name: "prod3", node: "rac-c", state: "mount" },
      ],
    });
  });

  test.each([
    ["Database is not running.", "down"],
    ["Database prod is not running.", "down"],
    ["Database prod is running. Instance status: Open,Readonly.", "open"],
    ["Database prod is running. Instance status: Dismounted.", "nomount"],
    ["Database prod is running. Instance status: Stopping.", "stopping"],
    ["Instance p1 is running on node a with online services hr,oe. Instance status: Open.", "open"],
  ])("%j is %s", (line, state) => {
    expect(readStatus(look, `${line}\n`).state).toBe(state);
  });

  test("restricted and read only are read from the details", () => {
    const line = "Database prod is running. Instance status: Open,Readonly,Restricted Access.";
    expect(readStatus(look, line)).toMatchObject({ restricted: true, readOnly: true });
  });

  test.each([
    "",
    "Database is running.",
    "Database prod is running. Instance status: Purple.",
    "Database prod is running. Instance status: Open.\nPRKO-9999 : what is this",
  ])("%j is not guessed at", (text) => {
    expect(() => readStatus(look, text)).toThrow(
      expect.objectContaining({ code: "UMB-5304", context: expect.objectContaining({ lost: false }) }),
    );
  });
});
