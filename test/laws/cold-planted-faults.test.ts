import { copyFileSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";

import { describe, expect, test } from "vitest";

import type { ColdBackupOptions, ColdBackupPlan, ColdMode, Plan } from "../../src/domain/plan.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { Step } from "../../src/domain/step.ts";
import type { ForwardRequest, ForwardResult } from "../../src/ports/copier.ts";
import type { Host } from "../../src/ports/host.ts";
import type { InstanceControl } from "../../src/ports/instance.ts";
import { planCold } from "../../src/run/backup-cold.ts";
import { execute } from "../../src/run/execute.ts";
import type { World } from "../../src/run/world.ts";
import type { SimulatedWorld } from "../rigs/simulated-world.ts";
import { type ColdLawOptions, coldBackupKeeps } from "./cold-backup-law.ts";

/** More than any fault needs: the first seed that catches it ends the search. */
const SEEDS = 8;

interface Planted {
  readonly mode: ColdMode;
  readonly plan?: (plan: ColdBackupPlan) => Plan;
  /** Changes the world in which the plan is performed. */
  readonly world?: (world: World, rig: SimulatedWorld) => World;
}

/** Why the law does not hold for a backup that was wrongly planned or performed, on the first seed where it does not. */
async function caught({ mode, plan = (one) => one, world = (one) => one }: Planted): Promise<string> {
  const take: ColdLawOptions["take"] = async (rig, options: ColdBackupOptions) => {
    const planned = await planCold(rig.world, options);
    if (!planned.ok) throw new Error("the plan was refused");
    const { directory } = await execute(plan(planned.plan), world(rig.world, rig));
    return directory;
  };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      const [problem] = (await coldBackupKeeps(seed, { take, mode })).problems;
      if (problem !== undefined) return problem;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return "nothing";
}

const without =
  (...kinds: readonly Step["kind"][]) =>
  (plan: ColdBackupPlan): Plan => ({
    ...plan,
    steps: plan.steps.filter(({ kind }) => !kinds.includes(kind)),
  });

/**
 * The first user file as it was while the database was open, torn or not. Only its headers are those of the closed file,
 * so that nothing but its rows can tell.
 */
function staleCopy(world: World, rig: SimulatedWorld): World {
  const file = rig.instance.controlFile?.datafiles.find(
    ({ path, status, enabled }) => /users/iu.test(path) && status === "ONLINE" && enabled === "READ WRITE",
  );
  if (file === undefined) return world;
  const stale = `${file.path}.stale` as FilePath;
  copyFileSync(file.path, stale);
  const { databaseHost } = world;
  const copy: Host["copy"] = async (request) => {
    if (request.source !== file.path) return await databaseHost.copy(request);
    const closed = readFileSync(request.source);
    await using target = await open(stale, "r+");
    await target.write(closed.subarray(0, 2 * file.blockSize), 0);
    await target.truncate(closed.length);
    return await databaseHost.copy({ ...request, source: stale, mode: "backup-mode" });
  };
  return { ...world, databaseHost: { ...databaseHost, copy } };
}

/** The closed file is read and marked as it should be, and nothing of it reaches the copy. */
function neverRefreshed(world: World): World {
  const { databaseHost: host } = world;
  const forward = async (request: ForwardRequest): Promise<ForwardResult> => {
    if (host.forward === undefined) throw new Error("the host makes no copy in passes");
    if (request.pass !== "forward" || request.mode !== "consistent") return await host.forward(request);
    const target = `${request.target}.elsewhere` as FilePath;
    copyFileSync(request.target, target);
    return await host.forward({ ...request, target });
  };
  return { ...world, databaseHost: { ...host, forward } };
}

describe("a cold backup that is wrong is caught by the law", () => {
  test.each(["plain", "pre-copy", "snapshot"] as const)(
    "the law holds for mode %s as it is",
    async (mode) => {
      expect(await caught({ mode })).toBe("nothing");
    },
  );

  test("no SHUTDOWN", async () => {
    expect(await caught({ mode: "plain", plan: without("shut-down") })).toMatch(
      /the database was not closed cleanly/,
    );
  });

  test("a SHUTDOWN that only says that it was done", async () => {
    const world = (inner: World): World => {
      const { instance } = inner;
      if (instance === undefined) throw new Error("no instance control");
      const down = { state: "down", restricted: false, readOnly: false, instances: [] } as const;
      // Before that it must not lie: a way that does not lead to this database is not taken.
      let sent = false;
      const shutdown = () => {
        sent = true;
        return Promise.resolve({ changed: true, now: down });
      };
      const lying: InstanceControl = {
        ...instance,
        shutdown,
        status: (call) => (sent ? Promise.resolve(down) : instance.status(call)),
        startup: () => Promise.resolve({ changed: true }),
      };
      return { ...inner, database: hasty(inner), instance: lying };
    };
    expect(await caught({ mode: "plain", world })).toMatch(
      /its header says that it needs recovery|UMB-10002|is down/,
    );
  });

  test("a copy from the time when the file was open, never brought up to date", async () => {
    expect(await caught({ mode: "plain", world: staleCopy })).toMatch(/rows|ORA-/);
  });

  test("a pre-copy that is not refreshed", async () => {
    expect(await caught({ mode: "pre-copy", world: neverRefreshed })).toMatch(
      /does not hold what was read of the closed file/,
    );
  });

  test("the control file before the SHUTDOWN", async () => {
    const plan = (right: ColdBackupPlan): Plan => {
      const isControl = ({ kind }: Step) => kind === "copy-controlfile";
      const rest = right.steps.filter((step) => !isControl(step));
      const at = rest.findIndex(({ kind }) => kind === "shut-down");
      return { ...right, steps: [...rest.slice(0, at), ...right.steps.filter(isControl), ...rest.slice(at)] };
    };
    expect(await caught({ mode: "plain", plan })).toMatch(/ORA-01207/);
  });

  test("no STARTUP", async () => {
    const plan = without("start-up", "confirm-identity");
    expect(await caught({ mode: "plain", plan })).toMatch(/state of the database was .*READ WRITE.* and is/);
  });
});

/** A database that lies about being down is given up soon. */
function hasty({ database }: World): World["database"] {
  return { ...database, deadlines: { ...database.deadlines, startupMs: 1_000, connectMs: 500 } };
}
