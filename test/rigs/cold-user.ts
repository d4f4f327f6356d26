import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { vi } from "vitest";

import type { ProgramOptions } from "../../simulator/doors/program-options.ts";
import type { InstanceStep } from "../../simulator/instance/hooks.ts";
import { type DatabaseUser, databaseUser, type Settings } from "./database-user.ts";
import { scratchDirectory } from "./scratch-directory.ts";

const PATIENCE = { timeout: 20_000, interval: 10 };

export interface ColdSettings extends Omit<Settings, "service" | "more"> {
  /** Values of YAML maps: `{ mode: plain }` unless told, and short deadlines. */
  readonly cold?: string;
  readonly deadlines?: string;
}

/** A user whose umbra may stop and start the database, by sqlplus of a simulated ORACLE_HOME. */
export interface ColdUser extends AsyncDisposable {
  readonly user: DatabaseUser;
  readonly oracleHome: string;
  configure(settings?: ColdSettings): void;
  /** Directories of cold backups, half-made ones too. */
  backups(): readonly string[];
  /** The instance hangs in this step of STARTUP or SHUTDOWN, until it is lifted; resolves when it has come there. */
  plantHang(at: InstanceStep): Promise<{ readonly reached: () => Promise<void> }>;
}

export async function coldUser(options: Partial<ProgramOptions> = {}): Promise<ColdUser> {
  // Programs are run from there: /dev/shm may forbid it.
  const home = scratchDirectory(tmpdir());
  const oracleHome = join(home.path, "home");
  const user = await databaseUser({ oracleHome, ...options });
  const cold: ColdUser = {
    user,
    oracleHome,
    configure: ({
      cold: how = "{ mode: plain }",
      deadlines = "{ startup: 30s, connect: 5s }",
      ...settings
    } = {}) =>
      user.configure({
        ...settings,
        service: user.program.ready.adminService,
        more: [
          `    instance: { by: sqlplus, oracle-home: ${oracleHome}, sid: ORCL }`,
          `    cold: ${how}`,
          `    deadlines: ${deadlines}`,
        ].join("\n"),
      }),
    backups: () => {
      const directory = join(user.area, "cold");
      return existsSync(directory) ? readdirSync(directory) : [];
    },
    plantHang: async (at) => {
      const { control } = user.program;
      await control.plant({ fault: { kind: "hang", at } });
      const isThere = async () => (await control.status(null)).hanging.includes(at);
      return { reached: async () => void (await vi.waitUntil(isThere, PATIENCE)) };
    },
    [Symbol.asyncDispose]: async () => {
      await user[Symbol.asyncDispose]();
      home[Symbol.dispose]();
    },
  };
  cold.configure();
  return cold;
}
