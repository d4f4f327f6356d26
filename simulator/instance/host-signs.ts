import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OraError } from "../engine/ora-error.ts";
import type { InstanceSigns } from "./hooks.ts";

/** What other programs may see of the instance, and where. */
export interface HostSignsOptions {
  readonly oracleHome: string;
  readonly sid: string;
}

/**
 * The process that bears the signs. Its command line is its name alone, as PMON's is, so the program comes on standard
 * input. SQLite takes the lock: the runtime has no other way to a POSIX lock (fcntl), which is the kind that a real
 * instance holds. Ends with its parent.
 */
const PMON = `
const { DatabaseSync } = require("node:sqlite");
let lock;
process.title = process.env.PMON_NAME;
process.on("disconnect", () => process.exit(0));
process.on("message", (path) => {
  lock?.close();
  lock = undefined;
  if (path === "") return process.send("free");
  try {
    lock = new DatabaseSync(path);
    lock.exec("pragma journal_mode = off; begin exclusive");
    process.send("locked");
  } catch {
    process.send("busy");
  }
});
process.send("up");
`;

/**
 * The signs of a running instance that rule 23 names: a process ora_pmon_SID from STARTUP on, and in dbs the file
 * lkDB_UNIQUE_NAME with an exclusive POSIX lock from MOUNT on (see /proc/locks). Both end with the instance; the file stays.
 */
export function hostSigns({ oracleHome, sid }: HostSignsOptions): InstanceSigns {
  let pmon: ChildProcess | undefined;
  return {
    started: async (onLost) => {
      const name = `ora_pmon_${sid}`;
      const child = spawn(process.execPath, [], {
        argv0: name,
        env: { PMON_NAME: name, ORACLE_HOME: oracleHome, ORACLE_SID: sid, NODE_NO_WARNINGS: "1" },
        stdio: ["pipe", "ignore", "ignore", "ipc"],
      });
      pmon = child;
      child.once("exit", () => {
        if (pmon !== child) return;
        pmon = undefined;
        onLost();
      });
      child.stdin?.end(PMON);
      if ((await message(child)) === undefined)
        throw new OraError(443, 'background process "PMON" did not start');
    },
    mounted: async (dbUniqueName) => {
      const directory = join(oracleHome, "dbs");
      const path = join(directory, `lk${dbUniqueName.toUpperCase()}`);
      mkdirSync(directory, { recursive: true });
      // Once only: to open and close it again would take the lock from whoever holds it in this process.
      if (!existsSync(path)) writeFileSync(path, "");
      if ((await asked(pmon, path)) === "locked") return;
      throw new OraError(1102, "cannot mount database in EXCLUSIVE mode");
    },
    dismounted: async () => {
      await asked(pmon, "");
    },
    ended: async () => {
      const child = pmon;
      pmon = undefined;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function asked(child: ChildProcess | undefined, path: string): Promise<unknown> {
  if (child?.connected !== true) return undefined;
  const answer = message(child);
  child.send(path);
  return answer;
}

/** Its next word; undefined where it ended without one. */
async function message(child: ChildProcess): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const gone = () => resolve(undefined);
  child.once("message", resolve);
  child.once("exit", gone);
  try {
    return await promise;
  } finally {
    child.off("message", resolve);
    child.off("exit", gone);
  }
}
