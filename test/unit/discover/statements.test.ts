import { readdirSync } from "node:fs";

import { expect, test } from "vitest";

import { isSince, statements } from "../../../src/discover/statements.ts";

const all = Object.values(statements);

test("every file that discovery names is there, with one statement and no comment", () => {
  expect(all.length).toBeGreaterThan(20);
  for (const { text } of all) {
    expect(text).toMatch(/^(select|alter) /);
    expect(text).not.toMatch(/;|^--/m);
  }
});

test("every file says from which release on it may be asked", () => {
  expect(all.filter((one) => one.since[0] < 12)).toEqual([]);
  const files = readdirSync(new URL("../../../sql/", import.meta.url));
  for (const { name } of all) expect(files).toContain(`${name}.sql`);
});

test("SCNs are asked for as text", () => {
  const selected = (text: string) =>
    text.split("\nfrom")[0]?.replaceAll(/to_char\((?:[\w.]*#|nvl\([\w.]*#, 0\))\)/g, "") ?? "";
  expect(all.filter((one) => /change#|_scn#/.test(selected(one.text)))).toEqual([]);
});

test.each([
  ["12.1.0.2.0", false],
  ["12.2.0.1.0", true],
  ["19.0.0.0.0", true],
])("release %s has the password file's view: %s", (version, has) => {
  expect(isSince(statements["password-file"], version)).toBe(has);
});
