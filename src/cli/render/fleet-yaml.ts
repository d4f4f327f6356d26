import type { Fleet, HostConfig } from "../../domain/fleet.ts";
import { hostAddressText } from "../../domain/host-address.ts";
import { printable } from "../../domain/human.ts";
import { nameOf } from "../../discover/host/candidates.ts";
import type { FoundDatabase, FoundService, HostReport } from "../../discover/host/found.ts";
import { instanceLines } from "./instance-yaml.ts";
import { scalar } from "./yaml-scalar.ts";

export interface FleetText {
  readonly report: HostReport;
  /** RFC 3339, in UTC. */
  readonly at: string;
  /** How the host is reached; undefined for this one. */
  readonly host: HostConfig | undefined;
  /** The configuration that the file will be a part of; undefined where there is none yet. */
  readonly fleet: Fleet | undefined;
}

/** Ends every line that somebody has to complete. */
const BLANK = "# fill in:";

/** A file for umbra.yaml, with the living databases of a host, and comments where only people know what to write. */
export function fleetYaml(what: FleetText): string {
  const { report } = what;
  const names = new Map<string, FoundDatabase>();
  const left: string[] = [];
  for (const found of report.databases) {
    const reason = whyNot(what, { found, names });
    if (reason === undefined) names.set(freeName(found, names), found);
    else left.push(comment(`not written: ${nameOf(found)}, ${reason}`));
  }
  const [first] = names.keys();
  const storage = what.fleet?.storages.keys().next().value;
  const parts = [
    headLines(what),
    hostLines(what),
    storageLines(what, storage),
    [
      "databases:",
      ...[...names].flatMap(([name, found]) => databaseLines(what, { name, found, first, storage })),
    ],
    left,
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The configuration holds a DBID once, and of each host a SID; clones on one host may have both twice. */
function whyNot(
  { fleet }: FleetText,
  { found, names }: { readonly found: FoundDatabase; readonly names: ReadonlyMap<string, FoundDatabase> },
): string | undefined {
  const { kind, dead, dbid, sid } = found;
  if (kind !== "database") return `of Grid Infrastructure (${kind})`;
  if (dead !== undefined) return dead;
  if (dbid !== undefined && [...(fleet?.databases.values() ?? [])].some((one) => one.dbid === dbid.value))
    return "whose DBID is in the configuration already";
  for (const [name, other] of names) {
    if (dbid !== undefined && other.dbid?.value === dbid.value) return `whose DBID is that of ${name} too`;
    if (sid !== undefined && other.sid?.value === sid.value) return `whose SID is that of ${name} too`;
  }
  return undefined;
}

function headLines({ report, at, fleet }: FleetText): readonly string[] {
  return [
    comment(`Databases of ${report.host}, as umbra discover found them at ${at}.`),
    `# Complete every line with "fill in", then run: umbra config check`,
    ...(fleet === undefined ? [] : ["# The configuration that was in use takes this file under `include`."]),
  ];
}

function hostLines({ host, fleet, report }: FleetText): readonly string[] {
  if (host === undefined || fleet?.hosts.has(host.name) === true) return [];
  return [
    "hosts:",
    `  ${host.name}:`,
    `    address: ${scalar(addressText(host))}`,
    `    user: ${scalar(host.user)}`,
    loginLine(host),
    report.umbra === undefined
      ? "    # umbra: [umbra]  # once it is installed there: copies are then made and checked where the data is"
      : "    umbra: [umbra]",
  ];
}

function addressText({ address: { host, port } }: HostConfig): string {
  return host.includes(":") ? hostAddressText({ host, port }) : `${host}${port === 22 ? "" : `:${port}`}`;
}

function loginLine({ login }: HostConfig): string {
  if (login.by === "password") return `    password:  ${BLANK} where the password is`;
  if (login.by === "key") return `    key: ${scalar(login.path)}`;
  return `    agent: ${scalar(login.socket)}  # of your login: a service needs a key or an agent of its own`;
}

function storageLines({ host, report }: FleetText, known: string | undefined): readonly string[] {
  if (known !== undefined) return [];
  const where = host === undefined ? "" : `, mounted on ${host.name}`;
  return [
    "storages:",
    "  backup:",
    `    path:  ${BLANK} directory on backup storage that umbra's user owns${where}; each database gets its own below it`,
    ...(host === undefined || host.umbra !== undefined || report.umbra !== undefined
      ? []
      : [
          `    host: here  # copies are read again on this machine: mount the directory here too, or install umbra on ${host.name}`,
        ]),
  ];
}

interface Written {
  readonly name: string;
  readonly found: FoundDatabase;
  /** The one whose user, password and storage the others take. */
  readonly first: string | undefined;
  readonly storage: string | undefined;
}

function databaseLines(what: FleetText, { name, found, first, storage }: Written): readonly string[] {
  const own = name === first || first === undefined;
  const { cdb, dbid, gaps } = found;
  const user = cdb?.value === false ? "umbra" : "c##umbra";
  return [
    ...gaps
      .filter(({ stops }) => stops.length > 0)
      .flatMap(({ stops, seen, todo }) => [
        comment(`no ${stops.join(", no ")} backup yet: ${seen}`, "  "),
        comment(`  to do: ${todo}`, "  "),
      ]),
    `  ${name}:`,
    ...(own ? [] : [`    like: ${first}`]),
    ...(what.host === undefined ? [] : [`    host: ${what.host.name}`]),
    connectLine(what, found),
    dbid === undefined
      ? "    # dbid: select dbid from v$database, so that no other database is taken for it"
      : `    dbid: ${scalar(dbid.value)}`,
    `    user: ${scalar(user)}  # a user of the database with SYSBACKUP: create it there`,
    ...(own
      ? [`    password:  ${BLANK} where the password is, as { file: /etc/umbra/${name}.password }`]
      : []),
    ...(own ? [`    storage: ${scalar(storage ?? "backup")}`] : []),
    ...instanceLines(found),
  ];
}

/** The service that leads to the instance in every state, else the one of the database itself. */
function connectLine({ host }: FleetText, found: FoundDatabase): string {
  const served = preferred(found);
  const { endpoint } = served ?? {};
  if (served === undefined || endpoint === undefined)
    return `    connect:  ${BLANK} host:port/service where its listener is`;
  const local = /^(127\.|0\.0\.0\.0$|localhost|::1?$|\*)/iu.test(endpoint.host);
  const address = local ? (host?.address.host ?? "127.0.0.1") : endpoint.host;
  const bracketed = address.includes(":") ? `[${address}]` : address;
  return `    connect: ${scalar(`${bracketed}:${endpoint.port}/${served.service}`)}`;
}

function preferred({ services, uniqueName, databaseName }: FoundDatabase): FoundService | undefined {
  const reachable = services.filter(({ endpoint }) => endpoint !== undefined);
  // The broker's own registration goes when the broker does.
  const byHand = reachable.find(({ status, service }) => status === "UNKNOWN" && !/_DGMGRL/iu.test(service));
  const names = [uniqueName?.value, databaseName?.value].map((name) => name?.toLowerCase());
  const own = reachable.find(({ service }) => names.includes(service.toLowerCase().split(".")[0]));
  return byHand ?? own ?? reachable.find(({ service }) => !service.endsWith("XDB"));
}

/** A key of the configuration: letters, digits, _ and -. */
function freeName(found: FoundDatabase, taken: ReadonlyMap<string, unknown>): string {
  const plain = nameOf(found).replaceAll(/[^\w-]/gu, "_");
  const name = (/^[A-Za-z]/u.test(plain) ? plain : `DB_${plain}`).slice(0, 60);
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function comment(text: string, indent = ""): string {
  return `${indent}# ${printable(text)}`;
}
