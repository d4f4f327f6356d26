import { access } from "node:fs/promises";

import type { OracleClientConfig } from "../../domain/fleet.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { loadDriver, type ThickDriver } from "./driver.ts";
import { driverMessage } from "./driver-error.ts";

/**
 * The driver, in thick mode where a client is configured. The client is loaded once, before the first session: all
 * sessions of a process have the same mode. Throws UMB-2201, each time, where it cannot be loaded: there is no way
 * back to thin mode, because somebody may rely on the encryption that only the client does.
 */
export function driverLoader(
  client: OracleClientConfig | undefined,
  load: () => Promise<ThickDriver> = loadDriver,
): () => Promise<ThickDriver> {
  let loaded: Promise<ThickDriver> | undefined;
  return () => (loaded ??= client === undefined ? load() : withClient(client, load));
}

async function withClient(
  { libDirectory, configDirectory }: OracleClientConfig,
  load: () => Promise<ThickDriver>,
): Promise<ThickDriver> {
  const unusable = (problem: string) => new UmbraError("UMB-2201", { directory: libDirectory, problem });
  // Without a directory of sqlnet.ora the client goes on with its defaults and says nothing.
  for (const directory of configDirectory === undefined ? [libDirectory] : [libDirectory, configDirectory]) {
    await access(directory).catch((error: unknown) => {
      throw unusable(`${directory}: ${(error as { code?: string }).code ?? String(error)}`);
    });
  }
  const driver = await load();
  try {
    driver.initOracleClient({
      libDir: libDirectory,
      ...(configDirectory === undefined ? {} : { configDir: configDirectory }),
    });
  } catch (error) {
    // After its first line the driver tells how to install a client.
    throw unusable(driverMessage(error, []).split("\n")[0] ?? "");
  }
  return driver;
}
