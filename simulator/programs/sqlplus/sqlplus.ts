import type { Program, ProgramHost, ProgramProcess } from "../program.ts";
import { groupOf, type Logon, readArguments } from "./arguments.ts";
import { LocalConnection } from "./connection.ts";
import { inLanguage } from "./language.ts";
import { ScriptRun } from "./script-run.ts";

const UNABLE = "SP2-0751: Unable to connect to Oracle.  Exiting SQL*Plus\n";
const DENIED = "ERROR:\nORA-01017: invalid username/password; logon denied\n\n\n";

/** The simulated SQL*Plus: logs in, runs the script on standard input, gives an exit code. */
export const sqlplus: Program = async (host, process) => {
  const { env } = process;
  const say = (text: string) => process.say(inLanguage(text, env.NLS_LANG));
  if (env.ORACLE_HOME === undefined) {
    say(
      "Error 6 initializing SQL*Plus\nSP2-0667: Message file sp1<lang>.msb not found\nSP2-0750: You may need to set ORACLE_HOME to your Oracle software directory\n",
    );
    return 1;
  }
  const invocation = readArguments(process.argv);
  if (!invocation.silent || invocation.version) say(banner(host));
  if (invocation.version) return 0;
  const logIn = (logon: Logon) => connect(host, process, logon);
  const connection = logIn(invocation.logon);
  if (typeof connection === "string") {
    say(connection);
    if (invocation.once || invocation.silent) say(UNABLE);
    return 1;
  }
  if (!invocation.silent) say(connectedLine(connection));
  const run = new ScriptRun({
    host,
    input: process.input,
    say,
    isAlive: () => process.alive,
    silent: invocation.silent,
    connection,
    logIn,
  });
  const code = await run.toEnd();
  if (!invocation.silent) say("Disconnected\n");
  return code;
};

/** A connection, none (/nolog), or the complaint. */
function connect(
  host: ProgramHost,
  { env }: ProgramProcess,
  logon: Logon,
): LocalConnection | undefined | string {
  if (logon.kind === "none") return undefined;
  if (logon.kind === "password" || !host.groups.has(groupOf[logon.privilege])) return DENIED;
  if (env.ORACLE_SID === undefined)
    return "ERROR:\nORA-12162: TNS:net service name is incorrectly specified\n\n\n";
  // The key of the shared memory is made of both texts, so that a slash more is another instance.
  const same = env.ORACLE_HOME === host.oracleHome && env.ORACLE_SID === host.sid;
  return new LocalConnection(host, logon.privilege, same);
}

function banner({ engine }: ProgramHost): string {
  const version = engine.identity.version.join(".");
  return `\nSQL*Plus: Release ${engine.identity.version[0]}.0.0.0.0 - Production\nVersion ${version}\n\n`;
}

function connectedLine(connection: LocalConnection | undefined): string {
  if (connection === undefined) return "";
  return connection.idle ? "Connected to an idle instance.\n\n" : "\nConnected to:\nOracle Database\n\n";
}
