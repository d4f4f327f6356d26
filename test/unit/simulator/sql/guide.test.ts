import { describe, expect, test } from "vitest";

import { FakeState, PROFILES } from "./fake-instance.ts";
import { guideQueries, guideQueriesWithBinds } from "./guide-statements.ts";
import { errorOf, makeRig, rows } from "./rig.ts";

describe.each(["12.2", "19c", "23ai"] as const)("on release %s", (release) => {
  const rigFor = () => {
    const state = new FakeState();
    state.profile = PROFILES[release];
    return makeRig({}, state);
  };

  test.each(guideQueries(release))("the agent's query is answered: %s", async (sql) => {
    expect(Array.isArray(await rows(rigFor().open({ user: "C##UMBRA", privilege: "SYSBACKUP" }), sql))).toBe(
      true,
    );
  });

  test.each(guideQueriesWithBinds)("the agent's query with binds gives rows: %s", async (sql, values) => {
    const binds = Object.entries(values).map(([name, value]) => ({ name, value }));
    expect((await rows(rigFor().open(), sql, binds)).length).toBeGreaterThan(0);
  });
});

test("a column that came with 19c is unknown to 12.2", async () => {
  const state = new FakeState();
  state.profile = PROFILES["12.2"];
  expect(await errorOf(makeRig({}, state).open(), "select version_full from v$instance")).toBe(904);
});
