import { describe, expect, test } from "vitest";

import { fleetOf, problemTexts } from "./fleet-files.ts";

const text = (refresh: string) => `
defaults:
  storage: s
  user: u
  password: { env: P }
storages: { s: { path: /backup } }
databases:
  PROD1:
    connect: db1:1521/P1
    ${refresh}
`;

async function refreshOf(written: string) {
  const { fleet } = await fleetOf({ "/f.yaml": text(written) });
  return [...fleet.databases.values()][0]?.refresh;
}

describe("engine rman in the configuration", () => {
  test("its own settings are absent where nobody says them", async () => {
    const refresh = await refreshOf("refresh: { engine: rman }");
    expect(refresh).toEqual({ engine: "rman", find: "compare", parallel: 2, snapshot: "before" });
  });

  test("section size and tag reach the plans", async () => {
    const refresh = await refreshOf("refresh: { engine: rman, section-size: 32GiB, tag: BK_PROD }");
    expect(refresh).toMatchObject({ sectionBytes: 32 * 1024 ** 3, tag: "BK_PROD" });
  });

  test("a tag that RMAN would have to quote is a mistake, told at its place", async () => {
    expect(await problemTexts(text("refresh: { tag: my tag }"))).toContainEqual(
      expect.stringContaining("databases.PROD1.refresh.tag must be a letter, then at most 29"),
    );
  });
});
