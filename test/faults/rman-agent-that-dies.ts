import { spawn } from "node:child_process";
import { join } from "node:path";

import { systemClock } from "../../src/adapters/clock.ts";
import { createRman } from "../../src/adapters/rman/rman.ts";
import type { Host, RunResult } from "../../src/ports/host.ts";
import { backupRefresh } from "../../src/run/backup-refresh.ts";
import { type AgentPlace, dieIf, runAgent, told } from "./dying.ts";

/** When to die: around the n-th run of rman, or as soon as that has printed something. */
export interface RmanAgentSpec extends AgentPlace {
  readonly death:
    | { readonly at: "before" | "after"; readonly program: number }
    /** `together`: rman is killed with it; else it is left alone, and finds nobody who reads what it prints. */
    | { readonly at: "output"; readonly program: number; readonly text: string; readonly together: boolean };
}

/** Brings the live area forward by RMAN. */
const { death, ...place } = await told<RmanAgentSpec>();
const oracleHome = join(place.directory, "home");
// What it leaves of its scripts goes with the test's own directory.
process.env["TMPDIR"] = place.directory;

await runAgent(
  {
    ...place,
    config: { refresh: { engine: "rman" } },
    writes: {},
    more: (host) => ({
      rman: createRman({ host: dyingPrograms(host), clock: systemClock, oracleHome, sid: "ORCL" }),
    }),
  },
  (world) => backupRefresh(world),
);

function dyingPrograms(host: Host): Host {
  let programs = 0;
  return {
    ...host,
    run: async (argv, options) => {
      if (!argv.some((word) => word.endsWith("/bin/rman"))) return await host.run(argv, options);
      programs += 1;
      const isIts = programs === death.program;
      if (isIts && death.at === "output") return await diesWhileItRuns(argv, death);
      await dieIf(isIts && death.at === "before");
      const result = await host.run(argv, options);
      await dieIf(isIts && death.at === "after");
      return result;
    },
  };
}

async function diesWhileItRuns(
  [program = "", ...argv]: readonly string[],
  { text, together }: Extract<RmanAgentSpec["death"], { readonly at: "output" }>,
): Promise<RunResult> {
  const child = spawn(program, argv, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const said: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  child.on("error", reject);
  child.stdout.on("data", (part: Buffer) => {
    said.push(part);
    if (!Buffer.concat(said).includes(text)) return;
    // It is a process group of its own, as umbra's programs are.
    if (together && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    void dieIf(true);
  });
  child.on("close", (status, signal) => {
    resolve({
      status: status ?? undefined,
      signal: signal ?? undefined,
      stdout: Buffer.concat(said),
      stderr: Buffer.alloc(0),
    });
  });
  return await promise;
}
