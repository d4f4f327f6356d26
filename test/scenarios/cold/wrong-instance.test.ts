import { expect, test } from "vitest";

import type { FilePath } from "../../../src/domain/names.ts";
import type { InstanceControl } from "../../../src/ports/instance.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import type { World } from "../../../src/run/world.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

function wayTo({ world: { instance } }: SimulatedWorld): InstanceControl {
  if (instance === undefined) throw new Error("the rig has no way to the instance");
  return instance;
}

function untouched({ instance: { state, openMode, startedAt } }: SimulatedWorld): readonly unknown[] {
  return [state, openMode, startedAt.getTime()];
}

/** Two starts in one second cannot be told apart. */
async function laterThan({ instance }: SimulatedWorld): Promise<void> {
  const second = Math.floor(instance.startedAt.getTime() / 1000);
  await expect.poll(() => Math.floor(Date.now() / 1000), { timeout: 5_000 }).toBeGreaterThan(second);
}

/** Nothing is shut down, and the reason says what differs. */
async function refused(world: World, rigs: readonly SimulatedWorld[], why: RegExp): Promise<void> {
  const before = rigs.map(untouched);
  const made = await backupCold(world);
  if (made.ok) throw new Error("it was not refused");
  expect(made.refusals.map(({ code }) => code)).toEqual(["UMB-3128"]);
  expect(made.refusals[0]?.seen).toMatch(why);
  expect(rigs.map(untouched)).toEqual(before);
}

test("sqlplus that leads to another database is refused, and neither goes down", async () => {
  await using rig = await simulatedWorld({ way: "sqlplus" });
  await using victim = await simulatedWorld({ way: "sqlplus", database: { name: "OTHER" } });
  await refused({ ...rig.world, instance: wayTo(victim) }, [rig, victim], /DBID/u);
});

test("a clone with the same name, SID and DBID is told by its start, and neither goes down", async () => {
  await using rig = await simulatedWorld({ way: "sqlplus" });
  await laterThan(rig);
  await using victim = await simulatedWorld({ way: "sqlplus" });
  await refused({ ...rig.world, instance: wayTo(victim) }, [rig, victim], /ORCL on \S+, up since/u);
});

test("srvctl under another DB_UNIQUE_NAME is refused, and the database stays up", async () => {
  await using rig = await simulatedWorld({ way: "srvctl" });
  const oracleHome = rig.programs.oracleHome as FilePath;
  const database = {
    ...rig.world.database,
    instance: { by: "srvctl", oracleHome, uniqueName: "OTHER" },
  } as const;
  await refused({ ...rig.world, database }, [rig], /OTHER.*DB_UNIQUE_NAME ORCL/u);
});

test("srvctl of Oracle Restart on another machine is refused, and the database stays up", async () => {
  await using rig = await simulatedWorld({ way: "srvctl" });
  const { databaseHost: here } = rig.world;
  const run: typeof here.run = async (argv, options) => {
    const ended = await here.run(argv, options);
    return argv[0] === "uname" ? { ...ended, stdout: Buffer.from("elsewhere\n") } : ended;
  };
  await refused({ ...rig.world, databaseHost: { ...here, run } }, [rig], /on elsewhere/u);
});

test("what leads elsewhere only after the plan is not shut down: it is proved again right before SHUTDOWN", async () => {
  await using rig = await simulatedWorld({ way: "sqlplus" });
  await using victim = await simulatedWorld({ way: "sqlplus", database: { name: "OTHER" } });
  const { world } = rig;
  const other = wayTo(victim);
  const before = [rig, victim].map(untouched);
  let looks = 0;
  const status: InstanceControl["status"] = (call) => {
    looks += 1;
    return (looks === 1 ? wayTo(rig) : other).status(call);
  };
  const instance = { ...other, status };
  await expect(backupCold({ ...world, instance })).rejects.toMatchObject({ code: "UMB-3128" });
  expect([rig, victim].map(untouched)).toEqual(before);
  expect(await world.state.startups.pending(world.database.name)).toEqual([]);
});
