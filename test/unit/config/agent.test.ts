import { expect, test } from "vitest";

import { fleetOf, problemTexts } from "./fleet-files.ts";

const REST = `
storages: {nas1: {path: /backup}}
databases: {A: {connect: a/A, storage: nas1, user: U, password: {credential: umbra}}}
`;

test("an installation may have a name, also that of a host with its domain", async () => {
  expect((await fleetOf({ "/f.yaml": `agent: db1.example.com${REST}` })).fleet.agent).toBe("db1.example.com");
  expect("agent" in (await fleetOf({ "/f.yaml": REST })).fleet).toBe(false);
});

test.each(["''", "7", "'a b'", "'-x'", "[a]"])("%s is no name of an installation", async (agent) => {
  const problems = await problemTexts(`agent: ${agent}${REST}`);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^agent must be /);
});
