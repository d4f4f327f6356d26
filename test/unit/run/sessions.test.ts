import { expect, test } from "vitest";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { ROOT } from "../../../src/domain/names.ts";
import type { Database } from "../../../src/ports/database.ts";
import { Sessions } from "../../../src/run/sessions.ts";
import type { World } from "../../../src/run/world.ts";
import { databaseConfig } from "../../rigs/database-config.ts";

const lost = () => new UmbraError("UMB-5202", { ora: 2396, message: "ORA-02396", lost: true });

/** Sessions that count themselves; `alive` says whether calls on those that are open still work. */
function rig() {
  const seen = { opened: 0, closed: 0, alive: true, nowMs: 0 };
  const connect = async (): Promise<Database> => {
    await Promise.resolve();
    seen.opened += 1;
    const number = seen.opened;
    const close = async () => void (seen.closed += 1);
    return {
      container: ROOT,
      query: () => (seen.alive || number > 1 ? Promise.resolve([]) : Promise.reject(lost())),
      execute: () => Promise.resolve(),
      close,
      [Symbol.asyncDispose]: close,
    };
  };
  const world = {
    database: databaseConfig({ directory: "/nowhere" }),
    connector: { connect },
    clock: { monotonicMs: () => seen.nowMs },
    signal: new AbortController().signal,
  } as unknown as World;
  return { seen, sessions: new Sessions(world) };
}

test("uses at the same time share one session, and it is closed", async () => {
  const { seen, sessions } = rig();
  await Promise.all([1, 2, 3].map(() => sessions.root((db) => db.query("", {}, { deadlineMs: 1 }))));
  await sessions[Symbol.asyncDispose]();
  expect(seen).toMatchObject({ opened: 1, closed: 1 });
});

test("a session that was ended while it rested is opened anew before it is used", async () => {
  const { seen, sessions } = rig();
  await sessions.root(() => Promise.resolve());
  seen.alive = false;
  seen.nowMs = 3_600_000;
  await sessions.root((db) => db.query("", {}, { deadlineMs: 1 }));
  await sessions[Symbol.asyncDispose]();
  expect(seen).toMatchObject({ opened: 2, closed: 2 });
});

test("a session that is lost in use is closed, and the failure is told", async () => {
  const { seen, sessions } = rig();
  seen.alive = false;
  await expect(sessions.root((db) => db.query("", {}, { deadlineMs: 1 }))).rejects.toMatchObject({
    code: "UMB-5202",
  });
  expect(seen).toMatchObject({ opened: 1, closed: 1 });
});
