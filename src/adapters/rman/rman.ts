import type { FilePath } from "../../domain/names.ts";
import type { RmanScript } from "../../domain/rman.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Host, RunResult } from "../../ports/host.ts";
import type { Rman, RmanCall, RmanReport } from "../../ports/rman.ts";
import { databaseError } from "../../errors/database-error.ts";
import { oracleCommand } from "../../domain/oracle-command.ts";
import { readOutput } from "./read-output.ts";
import { lostError, plainError, problemError } from "./rman-error.ts";
import { removeScript, writeScript } from "./script-file.ts";

export interface RmanParts {
  readonly host: Pick<Host, "run" | "remove">;
  readonly clock: Clock;
  readonly oracleHome: string;
  readonly sid: string;
}

/** Some lines for each file and piece: thousands of files stay far below it. */
const MOST_OUTPUT_BYTES = 33_554_432;
/** /usr/bin/env and shells use these two for a program that is not there, or may not be executed. */
const NOT_RUN = new Set([126, 127]);

/** Recovery Manager of an ORACLE_HOME on the database's host. Contract: `Rman`. */
export function createRman(parts: RmanParts): Rman {
  return { run: (script, call) => run(parts, script, call) };
}

async function run(parts: RmanParts, script: RmanScript, call: RmanCall): Promise<RmanReport> {
  if (call.signal?.aborted === true)
    throw databaseError(1013, "ORA-01013: user requested cancel of current operation");
  const endAt = parts.clock.monotonicMs() + call.deadlineMs;
  const path = await writeScript(parts.host, script.text, call);
  try {
    const left = Math.max(1, endAt - parts.clock.monotonicMs());
    return judged(script, await performed(parts, script, path, { ...call, deadlineMs: left }));
  } finally {
    await removeScript(parts.host, path);
  }
}

/** A failure of the host is an unknown outcome as soon as RMAN may have done something. */
async function performed(
  { host, oracleHome, sid }: RmanParts,
  { action, changes }: RmanScript,
  path: FilePath,
  call: RmanCall,
): Promise<RunResult> {
  const environment = { ORACLE_SID: sid, NLS_DATE_FORMAT: "YYYY-MM-DD HH24:MI:SS" };
  const argv = [...oracleCommand(oracleHome, "rman", environment), "target", "/", "cmdfile", path, "msgno"];
  try {
    return await host.run(argv, { ...call, maxOutputBytes: MOST_OUTPUT_BYTES });
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (isUmbraError(cause) && cause.code === "UMB-7201")
      throw plainError("UMB-5506", { action, text, lost: false }, cause);
    throw changes ? lostError(action, text, cause) : cause;
  }
}

function judged({ action, changes }: RmanScript, ended: RunResult): RmanReport {
  const text = `${ended.stdout.toString("utf8")}${ended.stderr.toString("utf8")}`;
  const { events, problem, complete } = readOutput(text);
  if (problem !== undefined) throw problemError(action, changes, problem);
  if (ended.status === undefined)
    throw plainError("UMB-5502", {
      action,
      text: `rman was ended by ${ended.signal ?? "a signal"}\n${text}`,
      lost: changes,
    });
  if (NOT_RUN.has(ended.status)) throw plainError("UMB-5506", { action, text, lost: false });
  if (ended.status !== 0 || !complete) throw plainError("UMB-5503", { action, text, lost: changes });
  return { events };
}
