import { expect } from "vitest";

import { isUmbraError, type UmbraError } from "../../src/errors/umbra-error.ts";

/** The error of the catalogue that a call ended with; anything else fails the test. */
export function entryOf(failure: unknown): UmbraError {
  expect(isUmbraError(failure) ? "an error of the catalogue" : failure).toBe("an error of the catalogue");
  return failure as UmbraError;
}
