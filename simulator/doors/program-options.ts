import { parseArgs } from "node:util";

import type { ProfileName } from "../tns/profiles.ts";

/** What `node simulator/main.ts` is told. Sizes in bytes. */
export interface ProgramOptions {
  /** Directory of the whole simulated host: files of the database, archived logs, parameter files. */
  readonly base: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly profile: ProfileName;
  readonly dbName: string;
  readonly cdb: boolean;
  readonly pdbs: number;
  /** Of all datafiles together, as near as their least sizes allow. */
  readonly bytes: number;
  readonly seed: number;
  /** How far an instance over existing files is started; a new database is always opened. */
  readonly startTo: "NOMOUNT" | "MOUNT" | "OPEN";
  /** Parameter file to start with instead of the SPFILE; no database is created then. */
  readonly pfile: string | undefined;
  readonly workload: boolean;
  readonly opsPerSecond: number;
  /** Where an ORACLE_HOME is made, with sqlplus and srvctl that drive this instance; none unless told. */
  readonly oracleHome: string | undefined;
  /** Milliseconds after which clusterware starts an instance again that was not stopped by srvctl; never unless told. */
  readonly restartAfterMs: number | undefined;
  /** Log mode of a new database. */
  readonly archivelog: boolean;
}

export const programDefaults: Omit<ProgramOptions, "base"> = {
  host: "127.0.0.1",
  port: 0,
  profile: "19c",
  dbName: "ORCL",
  cdb: false,
  pdbs: 1,
  bytes: 200 * 1_048_576,
  seed: 1,
  startTo: "OPEN",
  pfile: undefined,
  workload: false,
  opsPerSecond: 200,
  oracleHome: undefined,
  restartAfterMs: undefined,
  archivelog: true,
};

export const programUsage = `node simulator/main.ts --base DIR [--port N] [--host H] [--profile 12.2|19c|23ai] [--name ORCL]
    [--cdb] [--pdbs N] [--size 200M] [--seed N] [--start nomount|mount|open] [--pfile FILE] [--workload] [--rate OPS]
    [--oracle-home DIR] [--restart-after MS] [--noarchivelog]

Starts a simulated Oracle database in DIR and prints one line of JSON when it answers: port, services, accounts.
--workload changes rows all the time, OPS a second. --oracle-home makes a simulated ORACLE_HOME with sqlplus, srvctl,
rman and more, and DIR/etc/oratab; --restart-after plays a clusterware that starts the instance again.
SIGTERM ends it as a crash of the host would.`;

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1_048_576, G: 1_073_741_824 };

/** Throws an Error whose message says what is wrong, for the usage line. */
export function readProgramOptions(argv: readonly string[]): ProgramOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      base: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      profile: { type: "string" },
      name: { type: "string" },
      cdb: { type: "boolean" },
      pdbs: { type: "string" },
      size: { type: "string" },
      seed: { type: "string" },
      start: { type: "string" },
      pfile: { type: "string" },
      workload: { type: "boolean" },
      rate: { type: "string" },
      "oracle-home": { type: "string" },
      "restart-after": { type: "string" },
      noarchivelog: { type: "boolean" },
    },
  });
  if (values.base === undefined) throw new Error("--base is missing");
  return {
    base: values.base,
    host: values.host ?? programDefaults.host,
    port: wholeNumber("port", values.port, programDefaults.port),
    profile: oneOf("profile", values.profile, ["12.2", "19c", "23ai"] as const, programDefaults.profile),
    dbName: values.name ?? programDefaults.dbName,
    cdb: values.cdb ?? programDefaults.cdb,
    pdbs: wholeNumber("pdbs", values.pdbs, programDefaults.pdbs),
    bytes: values.size === undefined ? programDefaults.bytes : bytesOf(values.size),
    seed: wholeNumber("seed", values.seed, programDefaults.seed),
    startTo: oneOf(
      "start",
      values.start?.toUpperCase(),
      ["NOMOUNT", "MOUNT", "OPEN"] as const,
      programDefaults.startTo,
    ),
    pfile: values.pfile,
    workload: values.workload ?? programDefaults.workload,
    opsPerSecond: wholeNumber("rate", values.rate, programDefaults.opsPerSecond),
    oracleHome: values["oracle-home"],
    restartAfterMs:
      values["restart-after"] === undefined
        ? undefined
        : wholeNumber("restart-after", values["restart-after"], 0),
    archivelog: values.noarchivelog !== true,
  };
}

/** The inverse: arguments that give these options. */
export function programArguments(options: ProgramOptions): string[] {
  const valued = {
    base: options.base,
    host: options.host,
    port: options.port,
    profile: options.profile,
    name: options.dbName,
    pdbs: options.pdbs,
    size: options.bytes,
    seed: options.seed,
    start: options.startTo.toLowerCase(),
    rate: options.opsPerSecond,
    pfile: options.pfile,
    "oracle-home": options.oracleHome,
    "restart-after": options.restartAfterMs,
  };
  const switches = { cdb: options.cdb, workload: options.workload, noarchivelog: !options.archivelog };
  return [
    ...Object.entries(valued).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    ),
    ...Object.entries(switches).flatMap(([name, on]) => (on ? [`--${name}`] : [])),
  ];
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/u.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
  return Number(text);
}

function oneOf<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
  otherwise: T,
): T {
  if (text === undefined) return otherwise;
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) throw new Error(`--${name} must be one of ${choices.join(", ")}`);
  return chosen;
}

function bytesOf(text: string): number {
  const [, digits, unit] = /^(\d{1,12})([KMG]?)$/iu.exec(text) ?? [];
  if (digits === undefined) throw new Error(`--size must be a number with K, M or G, not ${text}`);
  return Number(digits) * (UNITS[(unit ?? "").toUpperCase()] ?? 1);
}
