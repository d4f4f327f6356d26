import type { InstanceOnNode, InstanceState, InstanceStatus } from "../../ports/instance.ts";
import { type Errand, instanceError } from "../sqlplus/instance-error.ts";

/**
 * `Instance orcl1 is running on node a. Instance status: Open.` in a cluster, `Database orcl is running. Instance status:
 * Open.` elsewhere, with `not` and without a status where it is down. Services stand between, where there are any.
 */
const LINE =
  /^(?:Instance|Database) (?:(\S+) )?is (not )?running(?: on node ([^\s.]+))?(?: with online services [^.]*)?\.?(?: Instance status: ([^.]*)\.)?$/u;
const ORDER: readonly InstanceState[] = ["down", "nomount", "mount", "open", "stopping"];

/** What `srvctl status database -d NAME -v` printed. UMB-5304 where a line of it is not understood. */
export function readStatus(errand: Errand, text: string): InstanceStatus {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const read = lines.map(readLine);
  const known = read.filter((line) => line !== undefined);
  const [first] = known;
  if (first === undefined || known.length !== read.length) throw instanceError("UMB-5304", errand, { text });
  const furthest = known.reduce(
    (far, line) => (ORDER.indexOf(line.on.state) > ORDER.indexOf(far.on.state) ? line : far),
    first,
  );
  return {
    state: furthest.on.state,
    restricted: furthest.detail.includes("restricted"),
    readOnly: furthest.detail.includes("readonly"),
    instances: known.map(({ on }) => on),
  };
}

function readLine(line: string): { readonly on: InstanceOnNode; readonly detail: string } | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const [, name = "", not, node, status = ""] = match;
  const detail = status.toLowerCase();
  const state = not === undefined ? stateOf(detail) : "down";
  return state === undefined ? undefined : { on: { name, node, state }, detail };
}

/** Words of the resource's STATE_DETAILS. */
function stateOf(detail: string): InstanceState | undefined {
  if (detail.startsWith("open")) return "open";
  if (detail.startsWith("mounted")) return "mount";
  if (detail.startsWith("dismounted") || detail.startsWith("started")) return "nomount";
  if (detail.startsWith("stopping") || detail.includes("shutdown")) return "stopping";
  return undefined;
}
