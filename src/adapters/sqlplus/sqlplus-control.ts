import type {
  InstanceCall,
  InstanceChange,
  InstanceControl,
  InstanceStatus,
  ShutdownRequest,
  StartupRequest,
} from "../../ports/instance.ts";
import { abortAndRepair } from "./abort-and-repair.ts";
import { sharedDeadline } from "./deadline.ts";
import { type Errand, instanceError, refusal } from "./instance-error.ts";
import { oraCodes } from "./oracle-messages.ts";
import { type ProgramHome, runProgram } from "./run-program.ts";
import { says, script } from "./sqlplus-script.ts";
import { down, readStatus, statusCommands } from "./sqlplus-status.ts";
import { startupCommand, startupStatements, wantedLine } from "./startup-commands.ts";
import { startupWay, startupWords } from "./startup-way.ts";

export interface SqlplusParts extends ProgramHome {
  readonly sid: string;
  /** SYSBACKUP may start and stop the instance; SYSDBA where the group of OSBACKUPDBA is not set up. */
  readonly privilege: "sysdba" | "sysbackup";
}

const LOOK: Errand = { program: "sqlplus", action: "a look at the instance", changes: false };
/** Printed between what was asked for and the look afterwards. */
const DONE = "UMBRA-DONE";
const NOT_AVAILABLE = 1034;
const ALREADY_RUNNING = 1081;

/** Instance control through `sqlplus / as sysbackup` on the database host. Contract: `InstanceControl`. */
export function createSqlplusControl(parts: SqlplusParts): InstanceControl {
  return {
    status: (call) => status(parts, call),
    shutdown: (request, call) => shutdown(parts, request, call),
    startup: (request, call) => startup(parts, request, call),
  };
}

async function status(parts: SqlplusParts, call: InstanceCall): Promise<InstanceStatus> {
  return readStatus(LOOK, await perform(parts, LOOK, statusCommands, call));
}

async function shutdown(
  parts: SqlplusParts,
  request: ShutdownRequest,
  call: InstanceCall,
): Promise<InstanceChange> {
  if (request.mode !== "abort") return shutDown(parts, request.mode, call);
  const left = sharedDeadline(parts.clock, call);
  return abortAndRepair({
    status: () => status(parts, left()),
    abort: () => shutDown(parts, "abort", left()),
    startRestricted: () => startup(parts, { to: "open", restricted: true }, left()),
    shutDownCleanly: () => shutDown(parts, "immediate", left()),
  });
}

async function shutDown(parts: SqlplusParts, mode: string, call: InstanceCall): Promise<InstanceChange> {
  const errand: Errand = { program: "sqlplus", action: `shutdown ${mode}`, changes: true };
  const text = await perform(parts, errand, [errand.action], call);
  // From MOUNT and NOMOUNT this line follows ORA-01109 or ORA-01507: they only tell what there was not to do.
  if (says(text, "ORACLE instance shut down.")) return { changed: true, now: down };
  if (oraCodes(text)[0] === NOT_AVAILABLE) return { changed: false };
  throw refusal(errand, text) ?? instanceError("UMB-5304", errand, { text });
}

async function startup(
  parts: SqlplusParts,
  request: StartupRequest,
  call: InstanceCall,
): Promise<InstanceChange> {
  const left = sharedDeadline(parts.clock, call);
  const found = request.seen ?? (await status(parts, left()));
  const way = startupWay("sqlplus", request, found);
  if (way === "nothing") return { changed: false };
  const errand: Errand = { program: "sqlplus", action: startupWords(request), changes: true };
  const commands = way === "start" ? [startupCommand(request)] : startupStatements(request, found.state);
  // The look afterwards is made by the same program: the start of another one would count as downtime.
  const output = await perform(parts, errand, [...commands, `prompt ${DONE}`, ...statusCommands], left());
  const [text = ""] = output.split(DONE);
  const done = way === "start" ? says(text, wantedLine(request)) : text.length < output.length;
  // Warnings like ORA-32004 may stand before it.
  if (done) return { changed: true, ...seenAfter(output.slice(text.length)) };
  // Somebody else was faster.
  if (oraCodes(text)[0] === ALREADY_RUNNING) {
    const now = await status(parts, left());
    if (startupWay("sqlplus", request, now) === "nothing") return { changed: false };
  }
  throw refusal(errand, text) ?? instanceError("UMB-5304", errand, { text });
}

/** Nothing where that was not understood: whoever wants to know looks again. */
function seenAfter(text: string): Pick<InstanceChange, "now"> {
  try {
    return { now: readStatus(LOOK, text) };
  } catch {
    return {};
  }
}

/** Everything the program printed. Its exit code is not asked: 256 ORA- codes share each of them, and some are 0. */
async function perform(
  parts: SqlplusParts,
  errand: Errand,
  commands: readonly string[],
  call: InstanceCall,
): Promise<string> {
  const { text } = await runProgram(
    parts,
    errand,
    {
      arguments: ["-S", "-L", `/ as ${parts.privilege}`],
      environment: { ORACLE_SID: parts.sid },
      input: script(commands),
    },
    call,
  );
  if (/^SP2-(0667|0750|1503|0152)\b|^Error \d+ initializing SQL\*Plus/mu.test(text))
    throw instanceError("UMB-5306", errand, { text });
  return text;
}
