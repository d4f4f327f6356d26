import { describe, expect, test } from "vitest";

import type { CallFault } from "../../simulator/tns/faults.ts";
import { startListener } from "../../simulator/tns/listener.ts";
import { systemClock } from "../../src/adapters/clock.ts";
import { createOracledbConnector } from "../../src/adapters/oracledb/connector.ts";
import { isUmbraError } from "../../src/errors/umbra-error.ts";
import { backupHot } from "../../src/run/backup-hot.ts";
import { databaseConfig } from "../rigs/database-config.ts";
import { simulatedWorld } from "../rigs/simulated-world.ts";
import { activeFiles, expectNextBackup, expectPutRight } from "./after-a-death.ts";

/** Short, so that a dead network is found soon; the simulated instance answers within milliseconds. */
const DEADLINES = { connectMs: 2_000, statementMs: 1_500, beginBackupMs: 1_500, archivedLogMs: 2_500 };

const statements = {
  "BEGIN BACKUP": /BEGIN BACKUP/i,
  "END BACKUP": /END BACKUP/i,
  "reading v$backup": /v\$backup/i,
  "ARCHIVE LOG CURRENT": /ARCHIVE LOG CURRENT/i,
  "reading v$archived_log": /v\$archived_log/i,
  "BACKUP CONTROLFILE": /BACKUP CONTROLFILE TO '/i,
  "reading the identity": /dbid/i,
} as const;

const faults: readonly (readonly [string, CallFault])[] = [
  ["the connection drops before it", { kind: "drop", at: "before-run" }],
  ["its answer is lost", { kind: "drop", at: "after-run" }],
  ["its answer is cut off", { kind: "drop", at: "mid-packet" }],
  ["the network swallows it", { kind: "black-hole" }],
  ["the session is killed", { kind: "kill" }],
];

/** Through the real driver over a socket, one fault in one run. */
async function backupWith(statement: RegExp, fault: CallFault): Promise<{ readonly struck: number }> {
  await using rig = await simulatedWorld({ database: { totalBytes: 3_000_000 } });
  const listener = await startListener({ engine: rig.engine });
  try {
    const connectString = `127.0.0.1:${listener.port}/ORCL`;
    const database = databaseConfig({ directory: rig.directory, connectString, deadlines: DEADLINES });
    const connector = createOracledbConnector(database, {
      password: async () => "umbra",
      clock: systemClock,
    });
    const armed = listener.faults.add({ on: "call", statement, fault });
    const result = await backupHot({ ...rig.world, database, connector }, {}).catch(
      (error: unknown) => error,
    );
    expect(result instanceof Error && !isUmbraError(result) ? result : undefined).toBeUndefined();
    // The run itself has ended what it began: production does not wait for reconcile.
    expect(activeFiles(rig)).toEqual([]);
    await expectPutRight(rig);
    await expectNextBackup(rig);
    return { struck: armed.struck };
  } finally {
    await listener.close();
  }
}

describe.each(Object.entries(statements))("%s", (_name, statement) => {
  test.each(faults)(
    "%s: nothing stays in backup mode, and the next backup succeeds",
    async (_what, fault) => {
      expect((await backupWith(statement, fault)).struck).toBe(1);
    },
  );
});
