import { expect, test } from "vitest";

import type { DatabaseName } from "../../../src/domain/names.ts";
import { fleetOf } from "./fleet-files.ts";

const FLEET = `
storages: {nas: {path: /backup}}
defaults: {storage: nas, user: U, password: {env: PW}}
databases:
  SALES: {dbid: 100, connect: a/A, standbys: [SALES_FAR, SALES_NEAR]}
  SALES_NEAR: {like: SALES, dbid: 100, connect: b/B}
  SALES_FAR: {like: SALES, dbid: 100, connect: c/C, standbys: [SALES]}
`;

test("standbys keep their order and the DBID of their primary, are not inherited, and may name it in turn", async () => {
  const { fleet } = await fleetOf({ "/f.yaml": FLEET });
  const of = (name: string) => fleet.databases.get(name as DatabaseName);
  expect(of("SALES")?.standbys).toEqual(["SALES_FAR", "SALES_NEAR"]);
  expect(of("SALES_NEAR")).toMatchObject({ dbid: "100" });
  expect(of("SALES_NEAR")?.standbys).toBeUndefined();
  expect(of("SALES_FAR")?.standbys).toEqual(["SALES"]);
});
