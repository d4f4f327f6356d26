import { OraError } from "../../engine/ora-error.ts";
import type { ShutdownMode, StartupOrder } from "../instance-operations.ts";
import type { Program, ProgramHost } from "../program.ts";
import { config } from "./config.ts";
import { type Invocation, readArguments } from "./arguments.ts";

const FAILED = 1;
/** The object is in the wanted state already. */
const ALREADY = 2;
const silently = () => undefined;

type Say = (text: string) => void;

/** The simulated Server Control: one database, registered under its DB_UNIQUE_NAME, with one instance. */
export const srvctl: Program = async (host, { argv, say }) => {
  if (argv[0] === "config") return config(host, { argv, say });
  const invocation = readArguments(argv);
  if (typeof invocation === "string") {
    say(invocation);
    return FAILED;
  }
  const stranger = unknownObject(host, invocation);
  if (stranger !== undefined) {
    say(stranger);
    return FAILED;
  }
  switch (invocation.verb) {
    case "status":
      say(statusLine(host, invocation));
      return 0;
    case "start":
      return start(host, invocation, say);
    case "stop":
      return stop(host, invocation, say);
  }
};

function unknownObject({ engine, sid }: ProgramHost, invocation: Invocation): string | undefined {
  const { database, instance } = invocation;
  if (database.toLowerCase() !== engine.identity.dbUniqueName.toLowerCase())
    return `PRCD-1120 : The resource for database ${database} could not be found.\nPRCR-1001 : Resource ora.${database.toLowerCase()}.db does not exist\n`;
  if (instance !== undefined && instance !== sid)
    return `PRCD-1231 : The specified instance ${instance} does not exist for database ${database}\n`;
  return undefined;
}

/** A clustered database is told by instance and node, another as a whole. */
function statusLine({ instance, engine, sid, operations }: ProgramHost, invocation: Invocation): string {
  const clustered = instance.parameters.get("cluster_database")?.toUpperCase() === "TRUE";
  const byInstance = clustered || invocation.object === "instance";
  const subject = byInstance
    ? `Instance ${sid} is`
    : `Database ${invocation.verbose ? `${invocation.database} ` : ""}is`;
  const node = byInstance ? ` on node ${engine.identity.host}` : "";
  if (instance.state === "IDLE") return `${subject} not running${node}.\n`;
  const status = operations.refusal === undefined ? detail(instance) : "Stopping";
  return `${subject} running${node}.${invocation.verbose ? ` Instance status: ${status}.` : ""}\n`;
}

function detail({ state, openMode, restricted }: ProgramHost["instance"]): string {
  if (state === "NOMOUNT") return "Dismounted";
  const mode = state === "MOUNT" ? "Mounted (Closed)" : openMode === "READ ONLY" ? "Open,Readonly" : "Open";
  return restricted ? `${mode},Restricted Access` : mode;
}

async function start(host: ProgramHost, invocation: Invocation, say: Say): Promise<number> {
  const resource = resourceOf(invocation);
  if (host.instance.state !== "IDLE") {
    say(
      `PRCC-1014 : ${invocation.database} was already running\nPRCR-1004 : Resource ${resource} is already running\n`,
    );
    return ALREADY;
  }
  const order = startOrder(invocation.option ?? "open");
  if (order === undefined) return wrongOption(invocation, say);
  return attempt(
    () => host.operations.startup(order, silently),
    (ora) =>
      say(
        `PRCR-1079 : Failed to start resource ${resource}\n${clusterMessage(host, resource, "start", ora)}CRS-2674: Start of '${resource}' on '${host.engine.identity.host}' failed\n`,
      ),
  );
}

async function stop(host: ProgramHost, invocation: Invocation, say: Say): Promise<number> {
  const resource = resourceOf(invocation);
  if (host.instance.state === "IDLE") {
    say(
      `PRCC-1016 : ${invocation.database} was already stopped\nPRCR-1005 : Resource ${resource} is already stopped\n`,
    );
    return ALREADY;
  }
  const mode = stopMode(invocation.option ?? "immediate");
  if (mode === undefined) return wrongOption(invocation, say);
  return attempt(
    () => host.operations.shutdown(mode, silently),
    (ora) =>
      say(
        `PRCD-1131 : Failed to stop database ${invocation.database} and its services on nodes\nPRCR-1133 : Failed to stop database ${invocation.database} and its running services\nPRCR-1132 : Failed to stop resources using a filter\n${clusterMessage(host, resource, "stop", ora)}CRS-2675: Stop of '${resource}' on '${host.engine.identity.host}' failed\n`,
      ),
  );
}

async function attempt(work: () => Promise<void>, failed: (ora: OraError) => void): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof OraError)) throw error;
    failed(error);
    return FAILED;
  }
}

function wrongOption(invocation: Invocation, say: Say): number {
  say(`PRKO-2006 : Invalid ${invocation.verb} option: ${invocation.option ?? ""}\n`);
  return FAILED;
}

function resourceOf({ database }: Invocation): string {
  return `ora.${database.toLowerCase()}.db`;
}

function clusterMessage(
  host: ProgramHost,
  resource: string,
  action: "start" | "stop",
  ora: OraError,
): string {
  const where = `/u01/app/grid/diag/crs/${host.engine.identity.host}/crs/trace/oraagent_oracle.trc`;
  return `CRS-5017: The resource action "${resource} ${action}" encountered the following error:\n${ora.message}\n. For details refer to "(:CLSN00107:)" in "${where}".\n\n`;
}

function startOrder(option: string): StartupOrder | undefined {
  const order = { to: "OPEN", readOnly: false, restricted: false } as const;
  switch (option) {
    case "open":
      return order;
    case "mount":
      return { ...order, to: "MOUNT" };
    case "nomount":
      return { ...order, to: "NOMOUNT" };
    case "restrict":
      return { ...order, restricted: true };
    case "read only":
      return { ...order, readOnly: true };
    default:
      return undefined;
  }
}

function stopMode(option: string): ShutdownMode | undefined {
  return (["NORMAL", "TRANSACTIONAL", "IMMEDIATE", "ABORT"] as const).find(
    (mode) => mode.toLowerCase() === option,
  );
}
