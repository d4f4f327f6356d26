import { resourceOf } from "../cluster-resource.ts";
import type { ProgramHost, ProgramProcess } from "../program.ts";

const FAILED = 1;

/** `srvctl config database [-v] [-d NAME]`: the names that are registered, or all that is registered of one. */
export function config(host: ProgramHost, { argv, say }: Pick<ProgramProcess, "argv" | "say">): number {
  const { engine, oracleHome } = host;
  const { dbUniqueName, version } = engine.identity;
  const [, object, ...words] = argv;
  if (object !== "database") {
    say(`PRKO-2001 : Invalid object specified on command line: ${object ?? ""}\n`);
    return FAILED;
  }
  const at = words.findIndex((word) => word === "-d" || word === "-db");
  if (at === -1) {
    const more = words.some((word) => word.startsWith("-v")) ? `\t${oracleHome}\t${version[0]}.0.0.0.0` : "";
    say(`${dbUniqueName}${more}\n`);
    return 0;
  }
  const name = words[at + 1] ?? "";
  if (name.toLowerCase() !== dbUniqueName.toLowerCase()) {
    say(
      `PRCD-1120 : The resource for database ${name} could not be found.\nPRCR-1001 : Resource ora.${name.toLowerCase()}.db does not exist\n`,
    );
    return FAILED;
  }
  say(registration(host, words.includes("-a") || words.includes("-all")));
  return 0;
}

function registration(program: ProgramHost, detailed: boolean): string {
  const { engine, instance, oracleHome } = program;
  const { dbUniqueName, dbName } = engine.identity;
  const { clustered, policy, enabled, members } = resourceOf(program);
  const list = (names: readonly string[]) => names.join(",");
  const lines = [
    `Database unique name: ${dbUniqueName}`,
    `Database name: ${dbName}`,
    `Oracle home: ${oracleHome}`,
    "Oracle user: oracle",
    `Spfile: ${instance.parameters.get("spfile") ?? ""}`,
    "Password file: ",
    "Domain: ",
    "Start options: open",
    "Stop options: immediate",
    "Database role: PRIMARY",
    `Management policy: ${policy}`,
    "Server pools: ",
    "Disk Groups: ",
    "Mount point paths: ",
    "Services: ",
    `Type: ${clustered ? "RAC" : "SINGLE"}`,
    `${clustered ? "Database instances" : "Database instance"}: ${list(members.map(({ name }) => name))}`,
    `Configured nodes: ${list(members.map(({ node }) => node))}`,
    "Database is administrator managed",
    ...(enabled ? (detailed ? ["Database is enabled"] : []) : ["Database is disabled"]),
  ];
  return `${lines.join("\n")}\n`;
}
