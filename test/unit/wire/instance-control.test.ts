import { expect, test } from "vitest";

import { systemClock } from "../../../src/adapters/clock.ts";
import type { DatabaseConfig, InstanceConfig } from "../../../src/domain/fleet.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { instanceControl } from "../../../src/wire/instance-control.ts";
import { config } from "../adapters/oracledb/fake-driver.ts";
import { FakeThickDriver } from "../adapters/oracledb/thick-driver.ts";

const call = { deadlineMs: 5_000 };
const oracleHome = "/u01/home" as FilePath;

function rig(instance?: InstanceConfig) {
  const programs: string[] = [];
  const driver = new FakeThickDriver();
  const database: DatabaseConfig = { ...config, ...(instance && { instance }) };
  const control = instanceControl(database, {
    host: {
      run: async (argv) => {
        programs.push(argv.join(" "));
        return { status: 1, signal: undefined, stdout: Buffer.from(""), stderr: Buffer.from("") };
      },
    },
    clock: systemClock,
    password: async () => "s3cret",
    driver: async () => driver,
  });
  // What the programs say is not understood: only what was run matters here.
  const asked = async () => void (await control?.status(call).catch(() => undefined));
  return { control, programs, driver, asked };
}

test("without a configured way there is none", () => {
  expect(rig().control).toBeUndefined();
});

test("sqlplus is run on the database's host, for its home, SID and privilege", async () => {
  const { programs, asked } = rig({ by: "sqlplus", oracleHome, sid: "PROD1", privilege: "sysbackup" });
  await asked();
  expect(programs).toEqual([
    expect.stringMatching(
      /ORACLE_SID=PROD1 ORACLE_HOME=\/u01\/home .*\/u01\/home\/bin\/sqlplus .* \/ as sysbackup$/,
    ),
  ]);
});

test("srvctl is asked for the database by its unique name", async () => {
  const { programs, asked } = rig({ by: "srvctl", oracleHome, uniqueName: "PROD1_X" });
  await asked();
  expect(programs).toEqual([
    expect.stringMatching(/\/u01\/home\/bin\/srvctl status database -d PROD1_X -v$/),
  ]);
});

test("the client library takes the static service, or the database's own connect string", async () => {
  const own = rig({ by: "oracledb", privilege: "sysoper" });
  await own.asked();
  expect(own.driver.logins.map(({ connectString }) => connectString)).toEqual(["db1/PROD1"]);
  const service = rig({ by: "oracledb", privilege: "sysoper", connectString: "db1/STATIC" });
  await service.asked();
  expect(service.driver.logins.map(({ connectString }) => connectString)).toEqual(["db1/STATIC"]);
  expect(service.programs).toEqual([]);
});
