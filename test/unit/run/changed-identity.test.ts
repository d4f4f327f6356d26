import { expect, test } from "vitest";

import type { Row } from "../../../src/ports/database.ts";
import { backupHot } from "../../../src/run/backup-hot.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { simulatedWorld } from "../../rigs/simulated-world.ts";

const options = { tablespaces: ["USERS"] };

/** What a view says is different from the first log switch on. */
async function changedAfterCopies(view: RegExp, change: (rows: readonly Row[]) => readonly Row[]) {
  let switched = false;
  await using rig = await simulatedWorld({
    change: (world) =>
      changedSessions(world, (inner) => ({
        execute: async (sql, call) => {
          await inner.execute(sql, call);
          switched ||= sql.includes("archive log current");
        },
        query: async (sql, binds, call) => {
          const rows = await inner.query(sql, binds, call);
          return switched && view.test(sql) ? change(rows) : rows;
        },
      })),
  });
  const result = await backupHot(rig.world, options).catch((error: unknown) => error);
  expect(await rig.world.state.catalog.list()).toEqual([]);
  return result;
}

test.each([
  ["resetlogs_scn", "2"],
  ["dbid", "4711"],
  ["log_mode", "NOARCHIVELOG"],
  ["database_role", "PHYSICAL STANDBY"],
])("a database whose %s changed during the run gives no backup", async (column, value) => {
  const result = await changedAfterCopies(/d\.dbid/, (rows) =>
    rows.map((row) => ({ ...row, [column]: value })),
  );
  expect(result).toMatchObject({ code: "UMB-9002", exit: 9 });
});

test("the redo of a thread that was enabled when the run began is needed although it was disabled since", async () => {
  const second = { thread_no: 2, status: "OPEN", enabled: "PUBLIC" };
  await using rig = await simulatedWorld({
    config: { deadlines: { archivedLogMs: 300 } },
    change: (world) => {
      let asked = 0;
      return changedSessions(world, (inner) => ({
        query: async (sql, binds, call) => {
          const rows = await inner.query(sql, binds, call);
          return /from v\$thread/.test(sql) && (asked += 1) === 1 ? [...rows, second] : rows;
        },
      }));
    },
  });
  const missing = [expect.stringContaining("thread 2")];
  await expect(backupHot(rig.world, options)).rejects.toMatchObject({
    code: "UMB-9004",
    context: { missing },
  });
});
