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
  for (const found of report.databases.filter(isWritten(what))) names.set(freeName(found, names), found);
  const left = report.databases.filter((found) => ![...names.values()].includes(found));
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
    left.map((found) => comment(`not written: ${nameOf(found)}, ${whyNot(found)}`)),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Databases that somebody could back up, and that are not configured yet. */
export function isWritten({ fleet }: Pick<FleetText, "fleet">): (found: FoundDatabase) => boolean {
  const configured = new Set([...(fleet?.databases.values() ?? [])].map(({ dbid }) => dbid));
  return ({ kind, dead, dbid }) =>
    kind === "database" && dead === undefined && (dbid === undefined || !configured.has(dbid.value));
}

function whyNot({ kind, dead }: FoundDatabase): string {
  if (kind !== "database") return `of Grid Infrastructure (${kind})`;
  return dead ?? "whose DBID is in the configuration already";
}

function headLines({ report, at, fleet }: FleetText): readonly string[] {
  return [
    comment(`Databases of ${report.host}, as umbra discover found them at ${at}.`),
    `# Complete every line with "fill in", then run: umbra config check`,
    ...(fleet === undefined ? [] : ["# The configuration that was in use takes this file under `include`."]),
  ];
}

function hostLines({ host, fleet }: FleetText): readonly string[] {
  if (host === undefined || fleet?.hosts.has(host.name) === true) return [];
  const login =
    host.login.by === "agent" ? host.login.socket : host.login.by === "key" ? host.login.path : undefined;
  return [
    "hosts:",
    `  ${host.name}:`,
    `    address: ${scalar(hostAddressText(host.address))}`,
    `    user: ${scalar(host.user)}`,
    login === undefined
      ? `    password:  ${BLANK} where the password is`
      : `    ${host.login.by}: ${scalar(login)}`,
  ];
}

function storageLines({ host }: FleetText, known: string | undefined): readonly string[] {
  if (known !== undefined) return [];
  const where = host === undefined ? "" : `, mounted on ${host.name}`;
  return [
    "storages:",
    "  backup:",
    `    path:  ${BLANK} directory on backup storage that umbra's user owns${where}; each database gets its own below it`,
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
