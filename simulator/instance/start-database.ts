import { createDatabase, type CreateDatabaseOptions } from "./create-database.ts";
import { createInstance, type InstanceOptions } from "./instance.ts";
import type { OpenInstance } from "./open-instance.ts";

export type StartOptions = CreateDatabaseOptions & Omit<InstanceOptions, "home" | "sid" | "now">;

/** Creates a database and opens it: the short way for tests and demos. The caller shuts the instance down. */
export async function startDatabase(options: StartOptions): Promise<OpenInstance> {
  await createDatabase(options);
  const instance = openInstance(options);
  await instance.startup({ to: "OPEN" });
  return instance;
}

/** The instance for a database below `base`, not started. */
export function openInstance(
  options: Omit<InstanceOptions, "home" | "sid"> & { base: string; name: string; sid?: string },
): OpenInstance {
  return createInstance({ ...options, home: options.base, sid: options.sid ?? options.name });
}
