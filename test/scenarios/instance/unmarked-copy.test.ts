import type { Connection } from "oracledb";
import { expect, test } from "vitest";

import { hotCopies, recovery, restored } from "./restored.ts";
import { codesOf, served } from "./served.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A hot copy of a busy table, restored and recovered; gives what a read of every row says. */
async function readAfterRecovery(inBackupMode: boolean, seed: number): Promise<number[]> {
  await using rig = await served({ database: { logBytes: 1_048_576, totalBytes: 2_000_000 } });
  const app = await rig.connect();
  await app.execute("create table t (id number, name varchar2(400))");
  const rows = Array.from({ length: 120 }, (_, id) => [id, "a".repeat(300)]);
  await app.executeMany("insert into t values (:1, :2)", rows, { autoCommit: true });
  await rig.dba.run("alter system checkpoint");
  let pieces = 0;
  const change = (connection: Connection) =>
    connection.execute("update t set name = :1", [String.fromCodePoint(97 + (pieces % 26)).repeat(300)], {
      autoCommit: true,
    });
  const copies = await hotCopies(rig, {
    inBackupMode,
    between: async (tablespace) => {
      if (tablespace !== "USERS") return;
      pieces += 1;
      if ((pieces + seed) % 4 === 0 && pieces < 40) await change(app);
      for (let turns = pieces % 3; turns > 0; turns -= 1) await turn();
    },
  });
  await app.close();
  await using copy = await restored(rig.base, copies);
  const recovered = await copy.dba.codes(recovery(rig.base, "until cancel using backup controlfile"));
  if (recovered.length > 0) return recovered;
  await copy.dba.run("alter database open resetlogs");
  const reader = await copy.connect();
  const codes = await codesOf(reader.execute("select * from t"));
  await reader.close();
  return codes;
}

test("a copy made in backup mode under load is whole after recovery", async () => {
  for (let seed = 0; seed < 2; seed += 1) expect(await readAfterRecovery(true, seed)).toEqual([]);
});

test("a copy made outside backup mode under load stays damaged, and a read of its row says ORA-01578", async () => {
  const seen: number[] = [];
  for (let seed = 0; seed < 8 && !seen.includes(1578); seed += 1)
    seen.push(...(await readAfterRecovery(false, seed)));
  expect(seen).toContain(1578);
});
