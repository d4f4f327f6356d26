import { join } from "node:path";

import { expect, test } from "vitest";

import { OraError } from "../../../simulator/engine/ora-error.ts";
import { databaseUser } from "../../rigs/database-user.ts";

test("stopped by a signal while END BACKUP is refused: status 10, not 130, and reconcile ends it", async () => {
  await using user = await databaseUser({ cdb: true });
  const file = join(user.directory, "prod", "big.dbf");
  await user.asDba(`create tablespace BIG datafile '${file}' size ${64 * 1_048_576}`, "PDB1");
  const { instance } = user.program;
  const end = instance.endBackup.bind(instance);
  instance.endBackup = () => Promise.reject(new OraError(1034, "ORACLE not available"));
  const umbra = user.start("backup", "hot", "PROD1", "--tablespaces", "BIG", "--output", "ndjson");
  await umbra.line((line) => line.includes('"kind":"step-progress"'));
  umbra.kill("SIGTERM");
  const { status, stderr } = await umbra.ended;
  expect({ status, stderr }).toMatchObject({ status: 10 });
  expect(stderr).toContain("UMB-10001");
  expect(user.inBackupMode()).toHaveLength(1);
  instance.endBackup = end;
  await user.succeed("reconcile");
  expect(user.inBackupMode()).toEqual([]);
}, 60_000);
