import { tmpdir } from "node:os";

import { expect, test } from "vitest";

import { loadDriver } from "../../../../src/adapters/oracledb/driver.ts";
import { driverLoader } from "../../../../src/adapters/oracledb/oracle-client.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { FakeThickDriver } from "./thick-driver.ts";

const here = tmpdir() as FilePath;
const nowhere = "/nowhere/instantclient" as FilePath;

test("without a configured client the driver is left in thin mode", async () => {
  const driver = new FakeThickDriver();
  expect(await driverLoader(undefined, async () => driver)()).toBe(driver);
  expect(driver.clients).toEqual([]);
});

test("the configured client is loaded once, however often the driver is asked for", async () => {
  const driver = new FakeThickDriver();
  const load = driverLoader({ libDirectory: here, configDirectory: here }, async () => driver);
  expect(await Promise.all([load(), load()])).toEqual([driver, driver]);
  await load();
  expect(driver.clients).toEqual([{ libDir: here, configDir: here }]);
});

test("a directory that is not there is named, and thin mode is not taken instead", async () => {
  const driver = new FakeThickDriver();
  for (const client of [
    { libDirectory: nowhere },
    { libDirectory: here, configDirectory: nowhere },
  ] as const) {
    const load = driverLoader(client, async () => driver);
    await expect(load()).rejects.toMatchObject({
      code: "UMB-2201",
      context: { problem: `${nowhere}: ENOENT` },
    });
    await expect(load()).rejects.toMatchObject({ code: "UMB-2201" });
  }
  expect(driver.clients).toEqual([]);
});

test("the real driver says that there is no client in a directory, in one line", async () => {
  const error: unknown = await driverLoader({ libDirectory: here }, loadDriver)().catch((e: unknown) => e);
  expect(error).toMatchObject({
    code: "UMB-2201",
    context: { directory: here, problem: expect.stringMatching(/^DPI-1047: .*libclntsh/) as string },
    hint: expect.stringContaining("LD_LIBRARY_PATH") as string,
  });
  expect(String(error)).not.toContain("\n");
});
