import { expect, onTestFinished, test } from "vitest";

import { ROOT } from "../../../src/domain/names.ts";
import type { StartupObligation } from "../../../src/domain/obligation.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Database } from "../../../src/ports/database.ts";
import { bringBack } from "../../../src/run/bring-back.ts";
import { changedSessions } from "../../fakes/changed-sessions.ts";
import { hurried, owed, owedStartup, shutDownCleanly } from "../../rigs/owed-startup.ts";
import { type SimulatedWorld, simulatedWorld } from "../../rigs/simulated-world.ts";

async function containerDatabase(): Promise<SimulatedWorld> {
  const rig = await simulatedWorld({
    change: hurried,
    database: { cdb: true, pdbs: ["PDB1", "PDB2"], totalBytes: 12 * 1024 * 1024 },
  });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  return rig;
}

async function sql(
  { world }: SimulatedWorld,
  container: string,
  ...statements: readonly string[]
): Promise<void> {
  const options = { deadlineMs: 10_000 };
  await using db = await world.connector.connect({ ...options, container: container as typeof ROOT });
  for (const statement of statements) await db.execute(statement, options);
}

/** Shut down by the run, which died then. */
async function owedAndDown(rig: SimulatedWorld): Promise<StartupObligation> {
  const obligation = await owedStartup(rig.world);
  await shutDownCleanly(rig);
  return obligation;
}

function modes({ instance }: SimulatedWorld): Readonly<Record<string, string>> {
  const containers = instance.controlFile?.containers.filter(({ conId }) => conId > 2) ?? [];
  return Object.fromEntries(
    containers.map(({ conId, name }) => [
      name,
      `${instance.pdbOpenMode(conId)}${instance.pdbRestricted(conId) ? " RESTRICTED" : ""}`,
    ]),
  );
}

test("each PDB comes back as it was, whatever its saved state says", async () => {
  const rig = await containerDatabase();
  await sql(
    rig,
    ROOT,
    "alter pluggable database all discard state",
    "alter pluggable database PDB2 close immediate",
    "alter pluggable database PDB2 open read only restricted",
  );
  const back = await bringBack(rig.world, await owedAndDown(rig));
  expect(back.warnings).toEqual([]);
  expect(modes(rig)).toEqual({ PDB1: "READ WRITE", PDB2: "READ ONLY RESTRICTED" });
});

test("a PDB that was closed is closed again after its saved state opened it", async () => {
  const rig = await containerDatabase();
  await sql(
    rig,
    ROOT,
    "alter pluggable database all save state",
    "alter pluggable database PDB1 close immediate",
  );
  const back = await bringBack(rig.world, await owedAndDown(rig));
  expect(back.warnings).toEqual([]);
  expect(modes(rig)).toEqual({ PDB1: "MOUNTED", PDB2: "READ WRITE" });
});

test("a PDB that somebody opened after umbra's OPEN stays open, and is told", async () => {
  const rig = await containerDatabase();
  await sql(
    rig,
    ROOT,
    "alter pluggable database PDB1 discard state",
    "alter pluggable database PDB1 close immediate",
  );
  const obligation = await owedAndDown(rig);
  let opened = false;
  // Right after umbra has asked for the time of its OPEN.
  const world = changedSessions(rig.world, (inner) => ({
    query: async (text, binds, options) => {
      if (text.includes("open_time") && !opened) {
        opened = true;
        await laterOpen(rig);
      }
      return await inner.query(text, binds, options);
    },
  }));
  const back = await bringBack(world, obligation);
  expect(back.warnings).toMatchObject([{ seen: expect.stringContaining("PDB1") }]);
  expect(modes(rig)["PDB1"]).toBe("READ WRITE");
});

async function laterOpen(rig: SimulatedWorld): Promise<void> {
  const before = rig.instance.now().getTime();
  await expect.poll(() => rig.instance.now().getTime()).toBeGreaterThan(before + 1);
  await sql(rig, ROOT, "alter pluggable database PDB1 open");
}

test("a service that ran is started again; one that was deleted meanwhile is told", async () => {
  const rig = await containerDatabase();
  await sql(
    rig,
    "PDB1",
    "begin dbms_service.create_service('orders', 'orders'); dbms_service.start_service('orders'); end;",
    "begin dbms_service.create_service('gone', 'gone'); dbms_service.start_service('gone'); end;",
  );
  const obligation = await owedStartup(rig.world);
  await sql(
    rig,
    "PDB1",
    "begin dbms_service.stop_service('gone'); dbms_service.delete_service('gone'); end;",
  );
  await shutDownCleanly(rig);
  const back = await bringBack(rig.world, obligation);
  expect(back.warnings).toMatchObject([{ seen: expect.stringMatching(/service gone .*deleted/u) }]);
  expect(back.now.saved.services).toContainEqual({ container: "PDB1", name: "orders" });
});

test("a PDB that does not open any more is production at risk, by name and ORA- code", async () => {
  const rig = await containerDatabase();
  await sql(rig, ROOT, "alter pluggable database all discard state");
  const obligation = await owedAndDown(rig);
  const damaged = (inner: Database): Partial<Database> => ({
    execute: async (text, options) => {
      if (text.includes('"PDB2" open'))
        throw new UmbraError("UMB-5201", {
          ora: 1157,
          message: "ORA-01157: cannot identify/lock",
          lost: false,
        });
      await inner.execute(text, options);
    },
  });
  const failure = bringBack(changedSessions(rig.world, damaged), obligation);
  await expect(failure).rejects.toMatchObject({ code: "UMB-10002" });
  await expect(failure).rejects.toThrow(
    /^TEST is open, but not as it was: PDB2 is MOUNTED.*ORA-01157.*by hand: alter pluggable database "PDB2" open/u,
  );
  expect(modes(rig)).toEqual({ PDB1: "READ WRITE", PDB2: "MOUNTED" });
  expect(await owed(rig)).toHaveLength(1);
});

test("a session that is lost while PDBs are opened costs nothing but a second attempt", async () => {
  const rig = await containerDatabase();
  await sql(rig, ROOT, "alter pluggable database all discard state");
  const obligation = await owedAndDown(rig);
  let cut = false;
  const world = changedSessions(rig.world, (inner) => ({
    execute: async (text, options) => {
      await inner.execute(text, options);
      if (!text.includes("open") || cut) return;
      cut = true;
      await inner.close();
      throw new UmbraError("UMB-5202", { ora: 3113, message: "ORA-03113", lost: true });
    },
  }));
  await bringBack(world, obligation);
  expect(modes(rig)).toEqual({ PDB1: "READ WRITE", PDB2: "READ WRITE" });
  expect(cut).toBe(true);
});
