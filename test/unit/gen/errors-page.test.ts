import { expect, test } from "vitest";

import { errorsPage } from "../../../scripts/gen/errors-page.ts";
import { catalogue } from "../../../src/errors/catalogue.ts";

test("every error of the catalogue is on the page, once, with what to do", () => {
  const page = errorsPage();
  const codes = [...page.matchAll(/^### (UMB-\d+)$/gm)].map((match) => match[1] ?? "");
  expect(codes.toSorted()).toEqual(Object.keys(catalogue).toSorted());
  expect(page.match(/^To do: .+\.$/gm)).toHaveLength(codes.length);
});

test("what an error tells stands in brackets", () => {
  expect(errorsPage()).toContain("the password file ‹path› cannot be read (‹reason›).");
});
