import { type ClusterMember, type ClusterResource, resourceOf } from "../cluster-resource.ts";
import type { Program } from "../program.ts";
import { type Invocation, readArguments } from "./arguments.ts";
import { enable, FAILED, modify, start, stop, type Subject } from "./change.ts";
import { config } from "./config.ts";

/** The simulated Server Control: one database, registered under its DB_UNIQUE_NAME, with its instances. */
export const srvctl: Program = async (host, { argv, say }) => {
  if (argv[0] === "config") return config(host, { argv, say });
  const invocation = readArguments(argv);
  if (typeof invocation === "string") {
    say(invocation);
    return FAILED;
  }
  const resource = resourceOf(host);
  const stranger = unknownObject(host.engine.identity.dbUniqueName, resource, invocation);
  if (stranger !== undefined) {
    say(stranger);
    return FAILED;
  }
  return perform({ resource, members: named(resource, invocation), invocation, say });
};

async function perform(subject: Subject): Promise<number> {
  switch (subject.invocation.verb) {
    case "status":
      for (const member of subject.members) subject.say(statusLine(subject, member));
      return 0;
    case "start":
      return start(subject);
    case "stop":
      return stop(subject);
    case "enable":
      return enable(subject, true);
    case "disable":
      return enable(subject, false);
    case "modify":
      return modify(subject);
  }
}

function named({ members }: ClusterResource, { instances, node }: Invocation): ClusterMember[] {
  return members.filter(
    (member) =>
      (instances.length === 0 || instances.includes(member.name)) &&
      (node === undefined || node === member.node),
  );
}

function unknownObject(
  uniqueName: string,
  { members }: ClusterResource,
  { database, instances }: Invocation,
): string | undefined {
  if (database.toLowerCase() !== uniqueName.toLowerCase())
    return `PRCD-1120 : The resource for database ${database} could not be found.\nPRCR-1001 : Resource ora.${database.toLowerCase()}.db does not exist\n`;
  const other = instances.find((name) => !members.some((member) => member.name === name));
  if (other !== undefined)
    return `PRCD-1231 : The specified instance ${other} does not exist for database ${database}\n`;
  return undefined;
}

/** A clustered database is told by instance and node, another as a whole. */
function statusLine({ resource, invocation }: Subject, member: ClusterMember): string {
  const { database, object, verbose } = invocation;
  const { instance, operations } = member;
  const byInstance = resource.clustered || object === "instance";
  const subject = byInstance ? `Instance ${member.name} is` : `Database ${verbose ? `${database} ` : ""}is`;
  const node = byInstance ? ` on node ${member.node}` : "";
  if (instance.state === "IDLE") return `${subject} not running${node}.\n`;
  const stopping = operations.refusal !== undefined || instance.stopping !== undefined;
  const status = stopping ? "Stopping" : detail(instance);
  const services = instance.services.filter(({ running }) => running).map(({ name }) => name);
  const online = verbose && services.length > 0 ? ` with online services ${services.join(",")}` : "";
  return `${subject} running${node}${online}.${verbose ? ` Instance status: ${status}.` : ""}\n`;
}

function detail({ state, openMode, restricted }: ClusterMember["instance"]): string {
  if (state === "NOMOUNT") return "Dismounted";
  const mode = state === "MOUNT" ? "Mounted (Closed)" : openMode === "READ ONLY" ? "Open,Readonly" : "Open";
  return restricted ? `${mode},Restricted Access` : mode;
}
