import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { programSocket } from "./door-protocol.ts";

export interface InstallOptions {
  /** Directory of the simulated host, where the control door is. */
  readonly base: string;
  /** Made where it is not there. Its programs drive the instance of the simulator that runs over `base`. */
  readonly oracleHome: string;
  readonly sid: string;
  /** Five numbers: 19.21.0.0.0. */
  readonly version: readonly number[];
  /** As OPatch lists them; one Release Update of this version unless told. */
  readonly patches?: readonly Patch[];
}

export interface Patch {
  readonly id: string;
  readonly description: string;
}

const CLIENT = fileURLToPath(
  import.meta.url.endsWith(".ts")
    ? new URL("./client.ts", import.meta.url)
    : new URL("./client.js", import.meta.url),
);

/** The files of an ORACLE_HOME that a backup agent looks at; the oratab is `<base>/etc/oratab`. May be done twice. */
export function installPrograms(options: InstallOptions): void {
  const { base, oracleHome, sid } = options;
  const inHome = (...names: string[]) => join(oracleHome, ...names);
  for (const program of ["lsnrctl", "rman", "sqlplus", "srvctl", "sysresv"])
    writeProgram(inHome("bin", program), [
      "exec",
      ...[process.execPath, CLIENT, program, programSocket(base)].map(quoted),
      '"$@"',
    ]);
  writeProgram(inHome("bin", "orabaseconfig"), ["echo", quoted(oracleHome)]);
  // Whatever is asked of it.
  writeProgram(inHome("bin", "oraversion"), ["echo", options.version.join(".")]);
  writeProgram(inHome("OPatch", "opatch"), ["cat", quoted(inHome("inventory", "patches"))]);
  write(inHome("inventory", "patches"), inventory(options));
  write(join(base, "etc", "oratab"), `# SID:ORACLE_HOME:started at boot\n${sid}:${oracleHome}:Y\n`);
}

/** As `opatch lspatches` prints it. */
function inventory({ patches, version }: InstallOptions): string {
  const listed = patches ?? [
    {
      id: "35643107",
      description: `Database Release Update : ${version.join(".")} (35643107)`,
    },
  ];
  return `${listed.map(({ id, description }) => `${id};${description}\n`).join("")}\nOPatch succeeded.\n`;
}

function writeProgram(path: string, words: readonly string[]): void {
  write(path, `#!/bin/sh\n${words.join(" ")}\n`);
  chmodSync(path, 0o755);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** For /bin/sh: everything between single quotes is taken as it is. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
