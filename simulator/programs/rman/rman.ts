import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

import type { EngineSession } from "../../engine/engine.ts";
import type { Program, ProgramHost, ProgramProcess } from "../program.ts";
import { LocalConnection } from "../sqlplus/connection.ts";
import { readArguments, type RmanArguments, substituted } from "./arguments.ts";
import { Channels } from "./channels.ts";
import type { Client } from "./client.ts";
import { Console } from "./console.ts";
import { perform } from "./perform.ts";
import { readScript } from "./read-script.ts";
import { RmanError, rmanLine, stackText } from "./rman-error.ts";

/**
 * The simulated Recovery Manager: `rman target / cmdfile F [log L] [msgno] [using …]`, or commands on standard input. The
 * first command that fails ends it with exit code 1.
 */
export const rman: Program = async (host, process) => {
  const given = readArguments(process.argv);
  if (typeof given === "string") {
    process.say(given);
    return 1;
  }
  const write = writerOf(given, process);
  const { env } = process;
  write(banner(host));
  if (env.ORACLE_HOME === undefined) return fail(write, ["Message file RMAN<lang>.msb not found"]);
  const console = new Console({
    write,
    numbered: given.msgno,
    dateFormat: env.NLS_DATE_FORMAT,
    now: () => host.instance.now(),
  });
  const refusal = logIn(host, process, given, console);
  if (refusal !== undefined) return fail(write, refusal);
  const enterprise = (host.edition ?? host.instance.profile.edition) === "EE";
  const client: Client = {
    host,
    process,
    console,
    channels: new Channels(console, enterprise, (name) => openChannel(host, name)),
    settings: { autobackupFormat: undefined },
  };
  const same = env.ORACLE_HOME === host.oracleHome && env.ORACLE_SID === host.sid;
  const connection = new LocalConnection(host, "SYSBACKUP", same);
  try {
    await runScript(client, connection, await scriptOf(given, process));
    write("\nRecovery Manager complete.\n");
    return 0;
  } catch (error) {
    if (!(error instanceof RmanError)) throw error;
    return fail(write, error.lines);
  } finally {
    await client.channels.close();
    await connection.leave();
  }
};

/** A server process as v$session shows it: CLIENT_INFO names the channel. */
function openChannel({ engine, instance }: ProgramHost, name: string): EngineSession | undefined {
  if (instance.state !== "MOUNT" && instance.state !== "OPEN") return undefined;
  const session = engine.openSession({
    user: "SYS",
    privilege: "SYSBACKUP",
    service: engine.identity.dbUniqueName.toUpperCase(),
    program: `rman@${engine.identity.host}`,
    machine: engine.identity.host,
    osUser: "oracle",
    terminal: "unknown",
  });
  session.setClientInfo({ CLIENT_INFO: `rman channel=${name}` });
  return session;
}

async function runScript(client: Client, connection: LocalConnection, script: string): Promise<void> {
  for (const { command, text } of readScript(script)) {
    const lines = text.split("\n").map((line, i) => (i === 0 ? `RMAN> ${line}` : `${i + 1}> ${line}`));
    client.console.print(`\n${lines.join("\n")}\n`);
    if (command.kind === "exit") return;
    await perform(client, connection, command);
  }
}

/** Lines of the refusal; undefined where the operating system vouches for the user. */
function logIn(
  host: ProgramHost,
  { env }: ProgramProcess,
  { target }: RmanArguments,
  console: Console,
): readonly string[] | undefined {
  if (!target) return undefined;
  const own = env.ORACLE_HOME === host.oracleHome && env.ORACLE_SID === host.sid;
  if (!host.groups.has("dba") && !host.groups.has("backupdba"))
    return [
      rmanLine(554, "initialization of internal recovery manager package failed"),
      rmanLine(4005, "error from target database:"),
      "ORA-01017: invalid username/password; logon denied",
    ];
  const { instance, engine } = host;
  if (!own || instance.state === "IDLE") console.say(6193, "connected to target database (not started)");
  else if (instance.state === "NOMOUNT")
    console.say(6193, `connected to target database: ${engine.identity.dbName} (not mounted)`);
  else {
    const open = instance.state === "OPEN" ? "" : ", not open";
    console.say(
      6005,
      `connected to target database: ${engine.identity.dbName} (DBID=${instance.controlFile?.dbid}${open})`,
    );
  }
  console.say(6009, "using target database control file instead of recovery catalog");
  return undefined;
}

function writerOf({ log, append }: RmanArguments, process: ProgramProcess): (text: string) => void {
  if (log === undefined) return (text) => process.say(text);
  if (!append) writeFileSync(log, "");
  return (text) => appendFileSync(log, text);
}

async function scriptOf({ cmdfile, using }: RmanArguments, process: ProgramProcess): Promise<string> {
  if (cmdfile === undefined) {
    const lines: string[] = [];
    for (let next = await process.input.next(); next.done !== true; next = await process.input.next())
      lines.push(next.value);
    return lines.join("\n");
  }
  try {
    return substituted(readFileSync(cmdfile, "utf8"), using);
  } catch {
    throw new RmanError([
      rmanLine(558, "error encountered while parsing input commands"),
      rmanLine(2001, `unrecognized punctuation symbol or file not found: ${cmdfile}`),
    ]);
  }
}

/** 18c and later print the release in two lines. */
function banner({ engine, instance }: ProgramHost): string {
  const { version } = engine.identity;
  const full = version.join(".");
  const at = instance.state === "IDLE" ? new Date() : instance.now();
  const day = at.toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*$/u, "$1 $3 $2 $5 $4");
  const release = version[0] >= 18 ? `${version[0]}.0.0.0.0` : full;
  const second = version[0] >= 18 ? `Version ${full}\n` : "";
  return `\nRecovery Manager: Release ${release} - Production on ${day}\n${second}\nCopyright (c) 1982, Oracle and/or its affiliates.  All rights reserved.\n\n`;
}

function fail(write: (text: string) => void, lines: readonly string[]): number {
  write(`${stackText(lines)}\nRecovery Manager complete.\n`);
  return 1;
}
