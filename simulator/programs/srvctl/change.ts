import { OraError } from "../../engine/ora-error.ts";
import type { ClusterMember, ClusterResource, ManagementPolicy } from "../cluster-resource.ts";
import type { ShutdownMode, StartupOrder } from "../instance-operations.ts";
import type { Invocation } from "./arguments.ts";

export const FAILED = 1;
/** The object is in the wanted state already. */
const ALREADY = 2;
const silently = () => undefined;

/** What a verb works on: the resource, and the instances that were named, or all. */
export interface Subject {
  readonly resource: ClusterResource;
  readonly members: readonly ClusterMember[];
  readonly invocation: Invocation;
  readonly say: (text: string) => void;
}

/** Starts what is not running yet, one instance behind the other. */
export async function start(subject: Subject): Promise<number> {
  const { resource, members, invocation, say } = subject;
  const name = nameOf(invocation);
  const order = startOrder(invocation.option ?? "open");
  if (order === undefined) return wrongOption(subject);
  const down = members.filter(({ instance }) => instance.state === "IDLE");
  if (down.length === 0) {
    say(
      `PRCC-1014 : ${invocation.database} was already running\nPRCR-1004 : Resource ${name} is already running\n`,
    );
    return ALREADY;
  }
  if (!resource.enabled) {
    say(`PRCR-1079 : Failed to start resource ${name}\nCRS-2501: Resource '${name}' is disabled\n`);
    return FAILED;
  }
  for (const member of down) {
    resource.want(member, true);
    const ora = await attempt(() => member.operations.startup(order, silently));
    if (ora === undefined) continue;
    say(
      `PRCR-1079 : Failed to start resource ${name}\n${clusterMessage(member, `${name} start`, ora)}CRS-2674: Start of '${name}' on '${member.node}' failed\n`,
    );
    return FAILED;
  }
  return 0;
}

/** Stops what runs; an instance that refuses keeps the others from nothing. */
export async function stop(subject: Subject): Promise<number> {
  const { resource, members, invocation, say } = subject;
  const name = nameOf(invocation);
  const mode = stopMode(invocation.option ?? "immediate");
  if (mode === undefined) return wrongOption(subject);
  const up = members.filter(({ instance }) => instance.state !== "IDLE");
  if (up.length === 0) {
    for (const member of members) resource.want(member, false);
    say(
      `PRCC-1016 : ${invocation.database} was already stopped\nPRCR-1005 : Resource ${name} is already stopped\n`,
    );
    return ALREADY;
  }
  const failures: string[] = [];
  for (const member of up) {
    resource.want(member, false);
    const ora = await attempt(() => member.operations.shutdown(mode, silently));
    if (ora !== undefined)
      failures.push(
        `${clusterMessage(member, `${name} stop`, ora)}CRS-2675: Stop of '${name}' on '${member.node}' failed\n`,
      );
  }
  if (failures.length === 0) return 0;
  const { database } = invocation;
  say(
    `PRCD-1131 : Failed to stop database ${database} and its services on nodes\nPRCR-1133 : Failed to stop database ${database} and its running services\nPRCR-1132 : Failed to stop resources using a filter\n${failures.join("")}`,
  );
  return FAILED;
}

/** `srvctl enable|disable database`: silent when it changes something. */
export function enable({ resource, invocation, say }: Subject, wanted: boolean): number {
  const name = nameOf(invocation);
  if (resource.enabled === wanted) {
    say(
      wanted
        ? `PRCC-1010 : ${invocation.database} was already enabled\nPRCR-1002 : Resource ${name} is already enabled\n`
        : `PRCC-1012 : ${invocation.database} was already disabled\nPRCR-1003 : Resource ${name} is already disabled\n`,
    );
    return ALREADY;
  }
  resource.enabled = wanted;
  return 0;
}

/** `srvctl modify database -policy AUTOMATIC|MANUAL|NORESTART`. */
export function modify({ resource, invocation, say }: Subject): number {
  const policy = (["AUTOMATIC", "MANUAL", "NORESTART"] as const).find(
    (known: ManagementPolicy) => known === invocation.policy,
  );
  if (policy === undefined) {
    say("PRKO-2003 : Missing mandatory option: -policy\n");
    return FAILED;
  }
  resource.policy = policy;
  return 0;
}

async function attempt(work: () => Promise<void>): Promise<OraError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof OraError)) throw error;
    return error;
  }
}

function wrongOption({ invocation, say }: Subject): number {
  say(`PRKO-2006 : Invalid ${invocation.verb} option: ${invocation.option ?? ""}\n`);
  return FAILED;
}

function nameOf({ database }: Invocation): string {
  return `ora.${database.toLowerCase()}.db`;
}

function clusterMessage({ node }: ClusterMember, action: string, ora: OraError): string {
  const where = `/u01/app/grid/diag/crs/${node}/crs/trace/oraagent_oracle.trc`;
  return `CRS-5017: The resource action "${action}" encountered the following error:\n${ora.message}\n. For details refer to "(:CLSN00107:)" in "${where}".\n\n`;
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
