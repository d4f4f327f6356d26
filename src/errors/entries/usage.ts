import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-2xxx: the command line, the configuration, the secrets it refers to. */
export const usageErrors = {
  "UMB-2001": entry<{ message: string; command: string }>(
    exitClass.usage,
    (c) => c.message,
    "the command with --help shows what it takes",
  ),
  "UMB-2002": entry<{ name: string; suggestion: string; known: readonly string[] }>(
    exitClass.usage,
    (c) => `no database is called ${c.name} in the configuration${c.suggestion}`,
    "`umbra config check` lists the databases that are configured",
  ),
  "UMB-2003": entry<{ path: string; problems: readonly string[] }>(
    exitClass.usage,
    (c) =>
      `the configuration ${c.path} has ${c.problems.length === 1 ? "a problem" : `${c.problems.length} problems`}\n${c.problems.join("\n")}`,
    "put right what is shown, then run `umbra config check`",
  ),
  "UMB-2004": entry<{ id: string; what: string; suggestion: string }>(
    exitClass.usage,
    (c) => `no ${c.what} is called ${c.id}${c.suggestion}`,
    "`umbra list` shows the backups, and `umbra show` takes what it prints",
  ),
  "UMB-2005": entry<{ name: string; suggestion: string }>(
    exitClass.usage,
    (c) => `${c.name} is no host${c.suggestion}`,
    "write `here`, a name from `hosts` in the configuration, or USER@ADDRESS[:PORT]",
  ),
  "UMB-2006": entry<{ host: string }>(
    exitClass.usage,
    (c) =>
      `${c.host}: there is neither an ssh agent (SSH_AUTH_SOCK) nor a usual key in ~/.ssh to log in with`,
    "name a private key with --key, or write the host into `hosts` of the configuration",
  ),
  "UMB-2007": entry<{ path: string }>(
    exitClass.usage,
    (c) => `${c.path} is there already; nothing was written`,
    "name a file that is not there yet: umbra does not overwrite what somebody may have edited",
  ),
  "UMB-2008": entry<{ name: string }>(
    exitClass.usage,
    (c) => `the configuration does not say what takes snapshots of a storage called ${c.name}`,
    "write `snapshots: {kind: …}` into that storage; `umbra config schema` says which kinds there are",
  ),
  "UMB-2101": entry<{ name: string }>(
    exitClass.usage,
    (c) => `the credential ${c.name} was not handed over: $CREDENTIALS_DIRECTORY is not set`,
    "start umbra from a systemd unit with LoadCredential=, or use {file: PATH} in the configuration",
  ),
  "UMB-2102": entry<{ path: string; reason: string }>(
    exitClass.usage,
    (c) => `the password file ${c.path} cannot be read (${c.reason})`,
    "check the path in the configuration, and that umbra's user may read the file",
  ),
  "UMB-2103": entry<{ path: string; mode: string }>(
    exitClass.usage,
    (c) => `the password file ${c.path} is open to others than its owner (mode ${c.mode})`,
    "chmod 600 it, and change the password if others may have read it",
  ),
  "UMB-2104": entry<{ path: string; uid: number }>(
    exitClass.usage,
    (c) => `the password file ${c.path} belongs to user ${c.uid}, not to umbra's user or root`,
    "chown it to umbra's user",
  ),
  "UMB-2105": entry<{ variable: string }>(
    exitClass.usage,
    (c) => `the environment variable ${c.variable}, which holds a password, is not set`,
    "set it for umbra's process, or refer to the password in another way",
  ),
  "UMB-2106": entry<{ program: string; reason: string }>(
    exitClass.usage,
    (c) => `the program ${c.program}, which prints a password, ${c.reason}`,
    "run it by hand as umbra's user, with the arguments of the configuration; what it printed is not shown here",
  ),
  "UMB-2107": entry<{ source: string; reason: string }>(
    exitClass.usage,
    (c) => `${c.source} holds no usable password: ${c.reason}`,
    "it must hold the password on one line and nothing else",
  ),
  "UMB-2201": entry<{ directory: string; problem: string }>(
    exitClass.usage,
    (c) => `Oracle's client in ${c.directory} cannot be used: ${c.problem}`,
    "check oracle-client.lib-dir; its libraries must be on the system's search path too before umbra starts (ldconfig or LD_LIBRARY_PATH), or leave oracle-client out: umbra needs no client",
  ),
} as const;
