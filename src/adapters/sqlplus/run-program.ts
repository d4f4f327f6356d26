import { oracleCommand } from "../../domain/oracle-command.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Host } from "../../ports/host.ts";
import type { InstanceCall } from "../../ports/instance.ts";
import { databaseError } from "../../errors/database-error.ts";
import { isUmbraError } from "../../errors/umbra-error.ts";
import { type Errand, instanceError } from "./instance-error.ts";
import { oraCodes } from "./oracle-messages.ts";

/** Status and statements answer in some lines; more than this is no answer of these programs. */
const MOST_OUTPUT_BYTES = 262_144;
/** /usr/bin/env and shells use these two for a program that is not there, may not be executed, or misses a library. */
const NOT_RUN = new Set([126, 127]);

export interface ProgramHome {
  readonly host: Pick<Host, "run">;
  readonly clock: Clock;
  readonly oracleHome: string;
}

/** What a program printed before it ended by itself. */
export interface Printed {
  readonly status: number;
  readonly text: string;
}

/** Runs a program of the ORACLE_HOME to its end, in the environment of `oracleCommand`. */
export async function runProgram(
  home: ProgramHome,
  errand: Errand,
  what: {
    readonly arguments: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly input: string;
  },
  call: InstanceCall,
): Promise<Printed> {
  if (call.signal?.aborted === true)
    throw databaseError(1013, "ORA-01013: user requested cancel of current operation");
  const command = oracleCommand(home.oracleHome, errand.program, what.environment);
  const argv = [...command, ...what.arguments];
  const ended = await outcome(errand, () =>
    home.host.run(argv, { ...call, input: what.input, maxOutputBytes: MOST_OUTPUT_BYTES }),
  );
  const text = `${ended.stdout.toString("utf8")}${ended.stderr.toString("utf8")}`;
  if (ended.status === undefined) {
    const killed = `${errand.program} was ended by ${ended.signal ?? "a signal"}\n${text}`;
    throw instanceError("UMB-5303", errand, { text: killed });
  }
  // A program that has run may end like this too: ORA-01150 and ORA-01151 give these exit codes.
  if (NOT_RUN.has(ended.status) && oraCodes(text).length === 0)
    throw instanceError("UMB-5306", errand, { text });
  return { status: ended.status, text };
}

/** A failure of the host is one of the instance as soon as the program may have done something. */
async function outcome<T>(errand: Errand, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (isUmbraError(cause) && cause.code === "UMB-7201")
      throw instanceError("UMB-5306", errand, { text, cause });
    throw errand.changes ? instanceError("UMB-5303", errand, { text, cause }) : cause;
  }
}
