import type {
  InstanceCall,
  InstanceChange,
  InstanceControl,
  InstanceStatus,
  ShutdownRequest,
  StartupRequest,
} from "../../ports/instance.ts";
import { abortAndRepair } from "../sqlplus/abort-and-repair.ts";
import { sharedDeadline } from "../sqlplus/deadline.ts";
import { type Errand, instanceError, refusal } from "../sqlplus/instance-error.ts";
import { type Printed, type ProgramHome, runProgram } from "../sqlplus/run-program.ts";
import { startupWay, startupWords, wrongState } from "../sqlplus/startup-way.ts";
import { srvctlAutoRestart } from "./auto-restart.ts";
import { readStatus } from "./srvctl-status.ts";

export interface SrvctlParts extends ProgramHome {
  /** DB_UNIQUE_NAME, as the database is registered. */
  readonly database: string;
}

const LOOK: Errand = { program: "srvctl", action: "a look at the database", changes: false };
/** PRCC-1014, PRCR-1004: runs already. PRCC-1016, PRCR-1005: stopped already. */
const ALREADY = /^(?:PRCC-1014|PRCR-1004|PRCC-1016|PRCR-1005)\b/mu;
/** What clusterware and its tools put before their own messages. */
const CLUSTER_CODE = /^(?:PRC[A-Z]|PRK[A-Z]|CRS)-\d+/mu;

/**
 * Instance control through Server Control on the database host: all instances of a cluster, or the one of Oracle Restart,
 * which starts the instance again when somebody else stops it. Contract: `InstanceControl`; it has no PFILE (UMB-5309)
 * and starts from down only.
 */
export function createSrvctlControl(parts: SrvctlParts): InstanceControl {
  return {
    status: (call) => status(parts, call),
    shutdown: (request, call) => shutdown(parts, request, call),
    startup: (request, call) => startup(parts, request, call),
    autoRestart: srvctlAutoRestart(parts),
  };
}

async function status(parts: SrvctlParts, call: InstanceCall): Promise<InstanceStatus> {
  const printed = await perform(parts, LOOK, ["status", "database", "-d", parts.database, "-v"], call);
  if (printed.status !== 0) throw failure(LOOK, printed);
  return readStatus(LOOK, printed.text);
}

async function shutdown(
  parts: SrvctlParts,
  request: ShutdownRequest,
  call: InstanceCall,
): Promise<InstanceChange> {
  const left = sharedDeadline(parts.clock, call);
  if (request.mode !== "abort") return stop(parts, request.mode, left);
  return abortAndRepair({
    status: () => status(parts, left()),
    abort: () => stop(parts, "abort", left),
    startRestricted: () => startup(parts, { to: "open", restricted: true }, left()),
    shutDownCleanly: () => stop(parts, "immediate", left),
  });
}

async function stop(parts: SrvctlParts, mode: string, left: () => InstanceCall): Promise<InstanceChange> {
  const errand: Errand = { program: "srvctl", action: `shutdown ${mode}`, changes: true };
  const printed = await perform(
    parts,
    errand,
    ["stop", "database", "-d", parts.database, "-o", mode],
    left(),
  );
  return judged(parts, errand, { printed, reached: (found) => found.state === "down" }, left);
}

async function startup(
  parts: SrvctlParts,
  request: StartupRequest,
  call: InstanceCall,
): Promise<InstanceChange> {
  const left = sharedDeadline(parts.clock, call);
  const errand: Errand = { program: "srvctl", action: startupWords(request), changes: true };
  const option = startOption(request);
  if (option === undefined) throw unable(errand, "a parameter file, or two start options at once");
  const way = startupWay("srvctl", request, await status(parts, left()));
  if (way === "nothing") return { changed: false };
  if (way === "go-on") throw unable(errand, "it starts what is down, and does not go on from a lower state");
  const printed = await perform(
    parts,
    errand,
    ["start", "database", "-d", parts.database, "-o", option],
    left(),
  );
  const reached = (found: InstanceStatus) =>
    found.instances.every((instance) => instance.state === request.to);
  return judged(parts, errand, { printed, reached }, left);
}

/** The program says nothing when it has done its work: what it did is looked at. */
async function judged(
  parts: SrvctlParts,
  errand: Errand,
  answer: { readonly printed: Printed; readonly reached: (found: InstanceStatus) => boolean },
  left: () => InstanceCall,
): Promise<InstanceChange> {
  const { printed, reached } = answer;
  const already = ALREADY.test(printed.text);
  if (printed.status !== 0 && !already) throw failure(errand, printed);
  const found = await status(parts, left());
  if (reached(found)) return { changed: !already };
  if (already) throw wrongState(errand, found);
  throw instanceError("UMB-5303", errand, {
    text: `the instance is ${found.state} after srvctl had ended with ${printed.status}\n${printed.text}`,
  });
}

function failure(errand: Errand, { text }: Printed): Error {
  const code = CLUSTER_CODE.test(text) ? "UMB-5308" : "UMB-5304";
  return refusal(errand, text) ?? instanceError(code, errand, { text });
}

function unable(errand: Errand, text: string): Error {
  return instanceError("UMB-5309", errand, { text });
}

/** One word: srvctl takes a single option. */
function startOption(request: StartupRequest): string | undefined {
  if (request.pfile !== undefined) return undefined;
  const restricted = request.restricted === true;
  if (request.to !== "open") return restricted ? undefined : request.to;
  if (request.readOnly === true) return restricted ? undefined : "read only";
  return restricted ? "restrict" : "open";
}

function perform(
  parts: SrvctlParts,
  errand: Errand,
  words: readonly string[],
  call: InstanceCall,
): Promise<Printed> {
  return runProgram(parts, errand, { arguments: words, environment: {}, input: "" }, call);
}
