import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** UMB-7xxx. */
export const hostErrors = {
  "UMB-7101": entry<{ path: string }>(
    exitClass.host,
    (c) => `${c.path}: the file to copy is not there, or was removed while it was copied`,
    "if it was dropped from the database, start the backup again; else look at its mount",
  ),
  "UMB-7102": entry<{ path: string }>(
    exitClass.host,
    (c) => `${c.path}: not a regular file, so it cannot be copied as an image`,
    "files in ASM and on raw devices are not supported: keep datafiles on a file system",
  ),
  "UMB-7103": entry<{ path: string; operation: string; errno: string }>(
    exitClass.host,
    (c) => `${c.path}: ${c.operation} failed with ${c.errno}`,
    "umbra's user must be able to read the file; for EIO look at the host's disk errors first",
  ),
  "UMB-7104": entry<{ path: string; bytes: number; wanted: number }>(
    exitClass.host,
    (c) =>
      `${c.path}: holds ${c.bytes} bytes, fewer than the ${c.wanted} that its block 0 or the start of the copy told`,
    "the file is truncated, or was made smaller while it was copied: check it with DBVERIFY and copy again",
  ),
  "UMB-7105": entry<{ path: string; blocks: number; expected: number }>(
    exitClass.host,
    (c) => `${c.path}: has ${c.blocks} blocks where the database told ${c.expected}`,
    "check that the path is the datafile of this database, and that nobody resized it",
  ),
  "UMB-7106": entry<{ path: string; stallMs: number }>(
    exitClass.host,
    (c) => `${c.path}: no byte could be read for ${c.stallMs} ms`,
    "the file system below it hangs: look at its mount, then run the backup again",
  ),
  "UMB-7107": entry<{ path: string; operation: string; deadlineMs: number }>(
    exitClass.host,
    (c) => `${c.path}: no answer to ${c.operation} within ${c.deadlineMs} ms`,
    "the file system below it hangs: look at its mount, then run the command again",
  ),
  "UMB-7108": entry<{ path: string; operation: string; errno: string }>(
    exitClass.host,
    (c) => `${c.path}: ${c.operation} failed with ${c.errno}`,
    "check that the path is right and that umbra's user may use it; for ENOSPC free space, for EIO look at the disk",
  ),
  "UMB-7111": entry<{ standby: string; path: string; problem: string }>(
    exitClass.host,
    (c) => `${c.path} of the standby ${c.standby}: ${c.problem}`,
    "look at the host of the standby, then run the command again; nothing half-copied was left",
  ),
  /** Programs on a host: UMB-72xx. */
  "UMB-7201": entry<{ host: string; program: string; reason: string }>(
    exitClass.host,
    (c) => `${c.host}: ${c.program} could not be started: ${c.reason}`,
    "nothing was done there: look at the limits of processes and sessions of umbra's user on that host",
  ),
  "UMB-7202": entry<{ host: string; program: string; deadlineMs: number }>(
    exitClass.host,
    (c) =>
      `${c.host}: ${c.program} did not end within ${c.deadlineMs} ms; it was killed where that was possible, and what it did is unknown`,
    "look on that host whether it took effect before it is run again",
  ),
  "UMB-7203": entry<{ host: string; program: string }>(
    exitClass.host,
    (c) =>
      `${c.host}: the connection was lost while ${c.program} ran: what it did, and whether it still runs, is unknown`,
    "look on that host whether it took effect before it is run again",
  ),
  "UMB-7204": entry<{ host: string; program: string; maxOutputBytes: number }>(
    exitClass.host,
    (c) => `${c.host}: ${c.program} printed more than ${c.maxOutputBytes} bytes and was killed`,
    "run it by hand on that host to see what it prints",
  ),
  "UMB-7205": entry<{ host: string; path: string; operation: string; problem: string }>(
    exitClass.host,
    (c) => `${c.host}: ${c.path}: ${c.operation} failed: ${c.problem}`,
    "the account needs a POSIX login shell that prints nothing, and GNU coreutils and findutils on its PATH",
  ),
  "UMB-7211": entry<{ host: string; problem: string }>(
    exitClass.host,
    (c) => `${c.host}: no ssh connection: ${c.problem}`,
    "check the name and the port, and that the ssh server can be reached from here",
  ),
  "UMB-7212": entry<{ host: string; user: string; login: string }>(
    exitClass.host,
    (c) => `${c.host}: the ssh server does not let ${c.user} in with ${c.login}`,
    "check the account's authorized_keys or password, and the log of the ssh server",
  ),
  "UMB-7213": entry<{ host: string; type: string; fingerprint: string }>(
    exitClass.host,
    (c) => `${c.host}: its host key is not known: ${c.type} ${c.fingerprint}`,
    "on that host's console run `ssh-keygen -lf` on its public host key; if it is the same, run `umbra hosts trust HOST --fingerprint SHA256:…`",
  ),
  "UMB-7214": entry<{ host: string; type: string; fingerprint: string; known: readonly string[] }>(
    exitClass.host,
    (c) =>
      `${c.host}: ITS HOST KEY HAS CHANGED: it shows ${c.type} ${c.fingerprint}, known is ${c.known.join(", ")}. Somebody may be in between`,
    "find out why. Only if the host was given a new key on purpose: remove the lines that are named, then run `umbra hosts trust HOST`",
  ),
  "UMB-7215": entry<{ host: string; fingerprint: string; place: string }>(
    exitClass.host,
    (c) => `${c.host}: it shows the host key ${c.fingerprint}, which was revoked at ${c.place}`,
    "whoever has this key may pretend to be the host: do not connect before the host has a new key",
  ),
  "UMB-7216": entry<{ host: string; shown: string; expected: string }>(
    exitClass.host,
    (c) => `${c.host}: it shows the host key ${c.shown}, not ${c.expected}; nothing was stored`,
    "read the fingerprint again on that host's console; if it is right, somebody may be in between",
  ),
  "UMB-7217": entry<{ host: string; problem: string }>(
    exitClass.host,
    (c) => `${c.host}: the private key for the login cannot be used: ${c.problem}`,
    "check its path, its passphrase, and that umbra's user may read it",
  ),
  "UMB-7218": entry<{ path: string; what: string; errno: string }>(
    exitClass.host,
    (c) => `${c.path}: the known host keys cannot be ${c.what}: ${c.errno}`,
    "umbra's user must be able to use this file; without it no host can be told from another",
  ),
  "UMB-7219": entry<{ host: string; path: string }>(
    exitClass.host,
    (c) =>
      `${c.host}: ${c.path} cannot be copied or verified over ssh: that needs umbra on that host, or the backup area mounted here too`,
    "install umbra on that host and name it in the configuration, or mount the backup area here at the same path",
  ),
  "UMB-7221": entry<{
    host: string;
    theirs: string;
    theirProtocol: number;
    ours: string;
    ourProtocol: number;
  }>(
    exitClass.host,
    (c) =>
      `${c.host}: umbra ${c.theirs} there speaks protocol ${c.theirProtocol}, umbra ${c.ours} here speaks ${c.ourProtocol}: they cannot work together`,
    "install the same version of umbra on both hosts; nothing was done there",
  ),
  "UMB-7222": entry<{ host: string; program: string; said: string }>(
    exitClass.host,
    (c) => `${c.host}: ${c.program} did not answer as umbra does: ${c.said}`,
    'run it by hand on that host as the same user: it must print one line that begins with {"umbra" and wait; nothing was done there',
  ),
  "UMB-7223": entry<{ host: string; problem: string }>(
    exitClass.host,
    (c) => `${c.host}: what it says cannot be understood: ${c.problem}`,
    "something else writes into the connection, or more is asked for than fits into one message; see the log of the ssh server",
  ),
  "UMB-7224": entry<{ host: string; call: string; allowed: readonly string[] }>(
    exitClass.host,
    (c) => `${c.host}: umbra there does not do ${c.call}; it is allowed to do: ${c.allowed.join(", ")}`,
    "change the list of `umbra remote --allow` in the account's authorized_keys, or the version of umbra there",
  ),
  "UMB-7225": entry<{ host: string; code: string; message: string }>(
    exitClass.host,
    (c) => `${c.host}: umbra there says ${c.code}, which this version does not know: ${c.message}`,
    "look the code up in the documentation of the version there",
  ),
  "UMB-7227": entry<{ host: string; socket: string; problem: string }>(
    exitClass.host,
    (c) => `${c.host}: the ssh agent for the login cannot be asked at ${c.socket}: ${c.problem}`,
    "start the agent, correct `agent:` of the host in the configuration, or let umbra log in with a key of its own",
  ),
  "UMB-7226": entry<{ host: string; path: string; problem: string }>(
    exitClass.host,
    (c) => `${c.path}: what ${c.host} wrote is not what this host sees under the same path: ${c.problem}`,
    "mount the backup area on both hosts, from the same storage and at the same path; or install umbra on the database host",
  ),
} as const;
