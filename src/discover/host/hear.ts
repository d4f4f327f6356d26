import type { FilePath } from "../../domain/names.ts";
import { oracleCommand } from "../../domain/oracle-command.ts";
import type { Heard } from "./candidates.ts";
import {
  type ClusterDatabase,
  otherSrvctlHome,
  parseClusterDatabase,
  parseClusterNames,
} from "./cluster-config.ts";
import type { Account, Known } from "./found.ts";
import type { HostLook } from "./host-look.ts";
import { parseListenerStatus } from "./listener-status.ts";
import { parseOlrLocation } from "./olr-location.ts";
import { type Oratab, parseOratab } from "./oratab.ts";
import { type OracleProcesses, parseProcesses, PROCESS_SCRIPT } from "./processes.ts";

/** Where a host says what it holds. Linux and AIX have the first of each, Solaris the second. */
export interface Places {
  readonly oratabs: readonly FilePath[];
  readonly olrs: readonly FilePath[];
}

export const usualPlaces: Places = {
  oratabs: ["/etc/oratab" as FilePath, "/var/opt/oracle/oratab" as FilePath],
  olrs: ["/etc/oracle/olr.loc" as FilePath, "/var/opt/oracle/olr.loc" as FilePath],
};

export interface HeardOnHost extends Heard {
  readonly gridHome: Known<FilePath> | undefined;
}

/** Each look for a program takes its time, and one host does not hold more. */
const MOST_REGISTERED = 200;
const MOST_HOMES = 8;
const NOT_FOUND = new Set([126, 127]);

/** undefined where even that is not told. */
export async function askAccount(look: HostLook): Promise<Account | undefined> {
  const printed = await look.run(["sh", "-c", "id -un && id -Gn"]);
  const [user = "", groups = ""] = printed?.text.split("\n") ?? [];
  return user === "" ? undefined : { user, groups: groups.split(" ").filter((group) => group !== "") };
}

/** Everything that is told of databases without asking any of them. */
export async function hear(look: HostLook, places: Places): Promise<HeardOnHost> {
  const oratabs = await readOratabs(look, places);
  const processes = await readProcesses(look);
  const gridHome = await findGridHome(look, places, { oratabs, processes });
  const cluster = gridHome === undefined ? [] : await readCluster(look, gridHome.value);
  const listed = oratabs.flatMap(({ entries }) => entries.map(({ home }) => home));
  const homes = [gridHome?.value, ...listed, ...processes.pmons.map(({ home }) => home)];
  const known = new Set(homes.filter((home) => home !== undefined));
  const listeners = await readListeners(look, processes, [...known]);
  return { oratabs, processes, gridHome, cluster, listeners };
}

type Tabs = Heard["oratabs"];

async function readOratabs(look: HostLook, { oratabs }: Places): Promise<Tabs> {
  const found: (Oratab & { readonly path: string })[] = [];
  for (const path of oratabs) {
    const text = await look.readText(path);
    if (text === undefined) continue;
    const tab = { path, ...parseOratab(text) };
    found.push(tab);
    if (tab.unreadable.length > 0)
      look.note(
        `${path}: not understood: line ${tab.unreadable.slice(0, 10).join(", ")}`,
        "each line must be SID:ORACLE_HOME:Y, N or W",
      );
  }
  return found;
}

async function readProcesses(look: HostLook): Promise<OracleProcesses> {
  const printed = await look.run(["sh", "-c", PROCESS_SCRIPT]);
  return parseProcesses(printed?.text ?? "");
}

async function findGridHome(
  look: HostLook,
  { olrs }: Places,
  { oratabs, processes }: Pick<Heard, "oratabs" | "processes">,
): Promise<Known<FilePath> | undefined> {
  for (const path of olrs) {
    const home = parseOlrLocation((await look.readText(path)) ?? "");
    if (home !== undefined) return { value: home, from: path };
  }
  for (const { path, entries } of oratabs) {
    const asm = entries.find(({ name }) => name.startsWith("+ASM"));
    if (asm !== undefined) return { value: asm.home, from: `${path}:${asm.line}` };
  }
  const asm = processes.pmons.find(({ kind, home }) => kind === "asm" && home !== undefined);
  return asm?.home === undefined ? undefined : { value: asm.home, from: `process ${asm.pid}` };
}

async function readCluster(look: HostLook, gridHome: FilePath): Promise<readonly ClusterDatabase[]> {
  const listed = await srvctl(look, gridHome, []);
  const names = parseClusterNames(listed ?? "").slice(0, MOST_REGISTERED);
  const databases: ClusterDatabase[] = [];
  for (const name of names) {
    const text = await srvctl(look, gridHome, ["-d", name]);
    const elsewhere = otherSrvctlHome(text ?? "");
    const told = elsewhere === undefined ? text : await srvctl(look, elsewhere, ["-d", name]);
    const database = parseClusterDatabase(told ?? "");
    if (database !== undefined) databases.push(database);
    else look.note(`srvctl tells nothing of ${name}`, `run srvctl config database -d ${name} by hand there`);
  }
  return databases;
}

async function srvctl(look: HostLook, home: FilePath, words: readonly string[]): Promise<string | undefined> {
  const printed = await look.run([...oracleCommand(home, "srvctl"), "config", "database", ...words]);
  const complaint = /^\s*((?:PR[A-Z]{2}|CRS)-\d+\s*:.*?)\s*$/mu.exec(printed?.text ?? "")?.[1];
  if (printed === undefined || printed.status === 0 || complaint?.startsWith("PRCD-1027") === true)
    return printed?.text;
  look.note(
    `srvctl of ${home} does not list its databases: ${complaint ?? `status ${printed.status}`}`,
    "start clusterware, or look there which account may ask it",
  );
  return undefined;
}

type ToldListener = Heard["listeners"][number];

/**
 * Of the listeners that run. Where none is seen, because other accounts' processes cannot be, the usual one may run all
 * the same: it is asked from each home, which may know it by another address.
 */
async function readListeners(
  look: HostLook,
  { listeners }: OracleProcesses,
  homes: readonly FilePath[],
): Promise<readonly ToldListener[]> {
  const running = listeners.flatMap(({ name, home }) => (home === undefined ? [] : [{ name, home }]));
  const usual = homes.slice(0, MOST_HOMES).map((home) => ({ name: "LISTENER", home }));
  const told: ToldListener[] = [];
  for (const one of running.length > 0 ? running : usual) {
    const listener = await askListener(look, one);
    if (listener !== undefined) told.push(listener);
  }
  const answered = told.filter(({ status }) => status.problem === undefined);
  // Of homes without one it is only worth a remark where no other answers.
  for (const { name, home, status } of running.length > 0 || answered.length === 0 ? told : answered)
    if (status.problem !== undefined)
      look.note(
        `${name} of ${home}: ${status.problem}`,
        "lsnrctl status must work for umbra's account there",
      );
  return distinct(answered);
}

/** The same listener from two homes. */
function distinct(listeners: readonly ToldListener[]): readonly ToldListener[] {
  const byAddress = new Map<string, ToldListener>();
  for (const listener of listeners) {
    const [endpoint] = listener.status.endpoints;
    const key =
      endpoint === undefined ? `${listener.home} ${listener.name}` : `${endpoint.host} ${endpoint.port}`;
    if (!byAddress.has(key)) byAddress.set(key, listener);
  }
  return [...byAddress.values()];
}

async function askListener(
  look: HostLook,
  { name, home }: { readonly name: string; readonly home: FilePath },
): Promise<ToldListener | undefined> {
  const printed = await look.run([...oracleCommand(home, "lsnrctl"), "status", name]);
  if (printed === undefined || NOT_FOUND.has(printed.status ?? 0)) return undefined;
  return { name, home, status: parseListenerStatus(printed.text) };
}
