import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { simulatedWorld, type SimulatedWorld } from "../../../rigs/simulated-world.ts";

const call = { deadlineMs: 20_000 };

async function says({ world }: SimulatedWorld, sql: string): Promise<string> {
  await using db = await world.connector.connect({ ...call, container: "CDB$ROOT" as never });
  return await db.execute(sql, call).then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function view({ world }: SimulatedWorld): Promise<unknown> {
  await using db = await world.connector.connect({ ...call, container: "CDB$ROOT" as never });
  return await db.query("select status, filename from v$block_change_tracking", {}, call);
}

test("block change tracking is enabled once, in a file that was not there or may be reused, and disabled once", async () => {
  await using rig = await simulatedWorld({ database: { totalBytes: 2_000_000 } });
  const file = join(rig.directory, "bct.ctf");
  const enable = `alter database enable block change tracking using file '${file}'`;
  expect(await view(rig)).toEqual([{ status: "DISABLED", filename: null }]);
  expect(await says(rig, "alter database disable block change tracking")).toContain("ORA-19759");
  expect(await says(rig, "alter database enable block change tracking")).toContain("ORA-19773");
  expect(await says(rig, enable)).toBe("done");
  expect(await view(rig)).toEqual([{ status: "ENABLED", filename: file }]);
  expect(await says(rig, enable)).toContain("ORA-19752");
  expect(await says(rig, "alter database disable block change tracking")).toBe("done");
  expect(existsSync(file)).toBe(false);
  await rig.world.databaseHost.writeAtomically(file as never, "x", call);
  expect(await says(rig, enable)).toContain("ORA-19751");
  expect(await says(rig, `${enable} reuse`)).toBe("done");
});
