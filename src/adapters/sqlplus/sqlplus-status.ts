import type { InstanceState, InstanceStatus } from "../../ports/instance.ts";
import { type Errand, instanceError, refusal } from "./instance-error.ts";
import { oraCodes } from "./oracle-messages.ts";
import { reachedEnd } from "./sqlplus-script.ts";

const INSTANCE = "UMBRA-INSTANCE";
const DATABASE = "UMBRA-DATABASE";

/** One line each, so that width and headings do not matter. v$database is refused before MOUNT. */
export const statusCommands = [
  `select '${INSTANCE}|' || instance_name || '|' || host_name || '|' || status || '|' || logins || '|' || shutdown_pending || '|' || to_char(startup_time, 'YYYY-MM-DD"T"HH24:MI:SS') from v$instance;`,
  `select '${DATABASE}|' || open_mode || '|' || dbid from v$database;`,
];

const STATES: Readonly<Record<string, InstanceState>> = {
  STARTED: "nomount",
  MOUNTED: "mount",
  OPEN: "open",
  "OPEN MIGRATE": "open",
};
const NOT_AVAILABLE = 1034;
const NOT_MOUNTED = 1507;
/** Shutdown in progress, in its several words. */
const STOPPING = new Set([1089, 1090, 1092]);

export const down: InstanceStatus = { state: "down", restricted: false, readOnly: false, instances: [] };

/** The answer to the two statements. */
export function readStatus(errand: Errand, text: string): InstanceStatus {
  const codes = oraCodes(text);
  const row = fields(text, INSTANCE);
  if (codes.some((code) => STOPPING.has(code))) return { ...down, ...only(row, "stopping") };
  if (row === undefined && codes[0] === NOT_AVAILABLE) return down;
  const state = stateOf(row);
  const [refused] = codes.filter((code) => code !== NOT_MOUNTED || state !== "nomount");
  if (refused !== undefined) throw refusal(errand, text) ?? instanceError("UMB-5304", errand, { text });
  if (row === undefined || state === undefined || (codes.length === 0 && !reachedEnd(text)))
    throw instanceError("UMB-5304", errand, { text });
  const [openMode = "", dbid = ""] = fields(text, DATABASE) ?? [];
  return {
    ...only(row, state),
    ...(dbid === "" ? {} : { dbid }),
    restricted: row[3] === "RESTRICTED",
    readOnly: openMode.startsWith("READ ONLY"),
  };
}

function stateOf(row: readonly string[] | undefined): InstanceState | undefined {
  if (row === undefined) return undefined;
  return row[4] === "YES" ? "stopping" : STATES[row[2] ?? ""];
}

function only(
  row: readonly string[] | undefined,
  state: InstanceState,
): Pick<InstanceStatus, "state" | "instances"> {
  const [name = "", node, , , , startedAt = ""] = row ?? [];
  return { state, instances: [{ name, node, state, ...(startedAt === "" ? {} : { startedAt }) }] };
}

function fields(text: string, marker: string): readonly string[] | undefined {
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(`${marker}|`));
  return line?.trim().split("|").slice(1);
}
