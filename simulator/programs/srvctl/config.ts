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
  say(registration(host));
  return 0;
}

function registration({ engine, instance, oracleHome, sid }: ProgramHost): string {
  const { dbUniqueName, dbName, host } = engine.identity;
  const clustered = instance.parameters.get("cluster_database")?.toUpperCase() === "TRUE";
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
    "Management policy: AUTOMATIC",
    "Server pools: ",
    "Disk Groups: ",
    "Mount point paths: ",
    "Services: ",
    `Type: ${clustered ? "RAC" : "SINGLE"}`,
    `${clustered ? "Database instances" : "Database instance"}: ${sid}`,
    `Configured nodes: ${host}`,
    "Database is administrator managed",
  ];
  return `${lines.join("\n")}\n`;
}
