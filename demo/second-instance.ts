import { forkSimulator, type ForkedSimulator } from "../simulator/doors/forked.ts";
import { compareWithDatabase, type Comparison } from "../simulator/workload/compare.ts";
import type { RememberedState } from "../simulator/workload/committed-history.ts";
import { queryReader } from "../simulator/workload/readers.ts";
import { systemClock } from "../src/adapters/clock.ts";
import { createOracledbConnector } from "../src/adapters/oracledb/connector.ts";
import { type ContainerName, ROOT } from "../src/domain/names.ts";
import type { Database, DatabaseConnector } from "../src/ports/database.ts";
import type { Placed } from "./restore/place-files.ts";
import { ensureTempfile, openRestored, placeClosed, recoverUntil } from "./restore/recover.ts";
import type { RestoreSource } from "./restore/source.ts";

const DEADLINE = { deadlineMs: 60_000 };

/** A second instance over restored files, and a SYSDBA's sessions on it through node-oracledb. */
export interface SecondInstance extends AsyncDisposable {
  readonly simulator: ForkedSimulator;
  readonly connector: DatabaseConnector;
}

export async function startSecondInstance(placed: Placed, databaseName: string): Promise<SecondInstance> {
  const simulator = await forkSimulator({
    base: placed.base,
    dbName: databaseName,
    pfile: placed.pfile,
    startTo: "MOUNT",
  });
  return {
    simulator,
    connector: administratorOf(simulator),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

/** A SYSDBA's sessions, also where the database is only mounted. */
export function administratorOf({ ready, port }: ForkedSimulator): DatabaseConnector {
  const sys = ready.accounts.find((account) => account.name === "SYS");
  const connectString = `127.0.0.1:${port}/${ready.adminService}`;
  const password = () => Promise.resolve(sys?.password ?? "");
  return createOracledbConnector(
    { connect: { connectString, user: "sys", privilege: "sysdba" } },
    { password, clock: systemClock },
  );
}

/** Opens copies of a closed database without recovery, and makes temp files again. */
export async function openClosed(
  second: SecondInstance,
  source: RestoreSource,
  placed: Placed,
  closedAt: string,
): Promise<void> {
  {
    await using db = await second.connector.connect({ ...DEADLINE, container: ROOT });
    await placeClosed(db, placed, closedAt);
    await openRestored(db, source);
  }
  await makeTempfiles(second, source, placed);
}

/** Recovers up to, not including, the SCN, opens with RESETLOGS, and makes temp files again. */
export async function recoverAndOpen(
  second: SecondInstance,
  source: RestoreSource,
  placed: Placed,
  scn: string,
): Promise<void> {
  {
    await using db = await second.connector.connect({ ...DEADLINE, container: ROOT });
    await recoverUntil(db, source, placed, scn);
    await openRestored(db, source);
  }
  await makeTempfiles(second, source, placed);
}

async function makeTempfiles(second: SecondInstance, source: RestoreSource, placed: Placed): Promise<void> {
  for (const temp of source.tempfiles) {
    // The seed is read only, and Oracle keeps its temp file by itself.
    if (temp.container === "PDB$SEED") continue;
    await using db = await second.connector.connect({
      ...DEADLINE,
      container: temp.container as ContainerName,
    });
    await ensureTempfile(db, placed, temp);
  }
}

/** Every row that was committed against every row that is there, by SQL through the driver. */
export async function compareRows(second: SecondInstance, remembered: RememberedState): Promise<Comparison> {
  const sessions = new Map<string, Database>();
  try {
    const read = queryReader(async (container, sql) => {
      const known = sessions.get(container);
      const db =
        known ?? (await second.connector.connect({ ...DEADLINE, container: container as ContainerName }));
      sessions.set(container, db);
      return db.query(sql, {}, DEADLINE);
    });
    return await compareWithDatabase(remembered, read);
  } finally {
    await Promise.all([...sessions.values()].map((db) => db.close()));
  }
}
