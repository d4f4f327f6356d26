import { expect, test } from "vitest";

import { statusAfterStop } from "../../../src/cli/exit-status.ts";
import { exitClass } from "../../../src/errors/exit-classes.ts";

const { production, verification, locked, refused, done, usage, bug, interrupted } = exitClass;

test.each([production, verification, locked, refused, done, usage, bug])(
  "status %i is told although a signal came",
  (exit) => {
    expect(statusAfterStop(exit)).toBe(exit);
  },
);

test.each([exitClass.partial, exitClass.database, exitClass.storage, exitClass.host, interrupted])(
  "status %i after a signal means that the command was stopped",
  (exit) => {
    expect(statusAfterStop(exit)).toBe(interrupted);
  },
);
