import { describe, expect, test } from "vitest";

import { databaseError } from "../../../src/errors/database-error.ts";

describe("database error", () => {
  test.each([
    [12_514, "UMB-5102", false],
    [1034, "UMB-5103", false],
    [1017, "UMB-5104", false],
    [28_001, "UMB-5105", false],
    [1031, "UMB-5106", false],
    [1146, "UMB-5201", false],
    [3113, "UMB-5202", true],
    [28, "UMB-5202", true],
    [1013, "UMB-5204", false],
  ] as const)("ORA-%i becomes %s", (ora, code, lost) => {
    expect(databaseError(ora, "text")).toMatchObject({
      code,
      exit: 5,
      context: { ora, message: "text", lost },
    });
  });
});
