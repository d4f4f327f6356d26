import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/**
 * What every failure of the database carries. `ora`: number of the first ORA- code, null where the driver or umbra
 * itself gave up. `lost`: the session is gone, and whether the statement was done is unknown.
 */
export interface DatabaseFailure {
  readonly ora: number | null;
  /** The database's or driver's own lines. */
  readonly message: string;
  readonly lost: boolean;
}

/** Of a tool that starts and stops the instance. `action`: what was asked, `shutdown immediate`. */
export interface InstanceFailure extends DatabaseFailure {
  readonly program: "sqlplus" | "srvctl" | "oracledb";
  readonly action: string;
}

/** Of Recovery Manager. `cause`: the code that decided, `codes`: all of its stack. `lost`: what it did is not known. */
export interface RmanFailure {
  readonly action: string;
  readonly message: string;
  readonly codes: readonly string[];
  readonly cause: string;
  readonly lost: boolean;
}

/** UMB-5xxx. */
export const databaseErrors = {
  "UMB-5101": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `no connection to the database: ${c.message}`,
    "check host, port and firewall of the connect string, and that the listener runs",
  ),
  "UMB-5102": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the listener does not know the service: ${c.message}`,
    "compare the service name with `lsnrctl services`; an instance that is down has none",
  ),
  "UMB-5103": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the instance takes no such connection now: ${c.message}`,
    "it is down, starting, mounted or restricted: look at v$instance and open it; a mounted instance is reached through a service in listener.ora only",
  ),
  "UMB-5104": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the database refused the login: ${c.message}`,
    "check user, password and privilege (SYSBACKUP needs an entry in the password file)",
  ),
  "UMB-5105": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the account cannot be used: ${c.message}`,
    "a DBA must unlock it or set a new password; give umbra's account a profile without expiry",
  ),
  "UMB-5106": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `a privilege is missing: ${c.message}`,
    "grant what sql/README.md lists, or connect with SYSBACKUP",
  ),
  "UMB-5107": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the listener lets nobody through to an instance that is not open: ${c.message}`,
    "open it, or give umbra a statically registered service: SID_LIST of listener.ora with GLOBAL_DBNAME, SID_NAME and ORACLE_HOME, then `lsnrctl reload`, and that service in `connect`; where listener.ora may not be changed, (UR=A) in CONNECT_DATA of a whole descriptor",
  ),
  "UMB-5201": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the database refused a statement: ${c.message}`,
    "look the ORA- code up, and the alert log at this time",
  ),
  "UMB-5202": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the connection to the database was lost: ${c.message}`,
    "whether the last statement was done is not known: run `umbra reconcile`, then look at the instance",
  ),
  "UMB-5203": entry<DatabaseFailure & { readonly deadlineMs: number }>(
    exitClass.database,
    (c) => `the database did not answer within ${c.deadlineMs} ms: ${c.message}`,
    "look for a hung instance, a full archive destination or a dead network; raise the deadline if it is only slow",
  ),
  "UMB-5204": entry<DatabaseFailure>(
    exitClass.database,
    (c) => `the call was cancelled: ${c.message}`,
    "nothing is wrong with the database: run the command again",
  ),
  "UMB-5205": entry<DatabaseFailure & { readonly wanted: string; readonly found: string }>(
    exitClass.database,
    (c) => `the session is in container ${c.found}, not in ${c.wanted}`,
    "grant SET CONTAINER in this container, and check that it is open",
  ),
  "UMB-5206": entry<DatabaseFailure & { readonly statement: string; readonly column: string }>(
    exitClass.database,
    (c) => `the database answered something unexpected: ${c.message}`,
    "if files or containers were changed just now, run the command again; else report it with the version of the database",
  ),
  "UMB-5301": entry<InstanceFailure>(
    exitClass.database,
    (c) => `${c.action} was refused: ${c.message}`,
    "look the ORA- code up, and the alert log at this time; the instance may have come part of the way",
  ),
  "UMB-5302": entry<InstanceFailure>(
    exitClass.database,
    (c) => `${c.action} was refused while files are in backup mode: ${c.message}`,
    "end it with `umbra reconcile`, or by hand with ALTER DATABASE END BACKUP; never abort the instance instead",
  ),
  "UMB-5303": entry<InstanceFailure>(
    exitClass.database,
    (c) => `whether ${c.action} was done is not known: ${c.message}`,
    "the instance goes on by itself: look at its state before anything else is tried",
  ),
  "UMB-5304": entry<InstanceFailure>(
    exitClass.database,
    (c) => `${c.program} answered ${c.action} with something that is not understood: ${c.message}`,
    "run the program by hand as umbra's user, and report its output",
  ),
  "UMB-5305": entry<InstanceFailure & { readonly found: string }>(
    exitClass.database,
    (c) => `${c.action} is not possible while the instance is ${c.found}`,
    "somebody else may have started or stopped it: look at v$instance, or shut it down first",
  ),
  "UMB-5306": entry<InstanceFailure>(
    exitClass.database,
    (c) => `${c.program} cannot be run: ${c.message}`,
    "check the configured ORACLE_HOME, and that umbra's user may run its programs",
  ),
  "UMB-5307": entry<InstanceFailure>(
    exitClass.database,
    (c) => `umbra's user may not administer the instance: ${c.message}`,
    "make it a member of the group of OSBACKUPDBA or OSDBA, and log in again",
  ),
  "UMB-5308": entry<InstanceFailure>(
    exitClass.database,
    (c) => `clusterware refused ${c.action}: ${c.message}`,
    "look the codes up, and the log of the agent of clusterware",
  ),
  "UMB-5309": entry<InstanceFailure>(
    exitClass.database,
    (c) => `${c.program} cannot do ${c.action}: ${c.message}`,
    "shut the instance down first, or use sqlplus for it",
  ),
  "UMB-5401": entry<{ limit: string }>(
    exitClass.database,
    (c) =>
      `the database may be down for ${c.limit}, and the copies were not done in time: they were stopped and the database started again`,
    "use --mode pre-copy or --mode snapshot, allow a longer --max-downtime, or --on-overrun continue",
  ),
  "UMB-5402": entry<{ mode: string; waited: string; state: string }>(
    exitClass.database,
    (c) => `SHUTDOWN ${c.mode.toUpperCase()} did not end within ${c.waited}; the instance is ${c.state}`,
    "look at the alert log for sessions and transactions that hold it up; raise the shutdown deadline for long rollbacks",
  ),
  "UMB-5501": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN refused ${c.action}: ${c.message}`,
    "look the codes up, and put right what they name; what was done before it stays done",
  ),
  "UMB-5502": entry<RmanFailure>(
    exitClass.database,
    (c) => `whether RMAN did ${c.action} is not known: ${c.message}`,
    "the server may still be at work: look at v$session_longops, then run the command again",
  ),
  "UMB-5503": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN answered ${c.action} with something that is not understood: ${c.message}`,
    "report its output, with the version of the database",
  ),
  "UMB-5504": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN found damaged blocks during ${c.action}: ${c.message}`,
    "look at v$database_block_corruption, and keep the snapshots there are: a copy from before may still hold the block",
  ),
  "UMB-5505": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN had no room for ${c.action}: ${c.message}`,
    "make room where the copies and level 1 backups go, then run the command again",
  ),
  "UMB-5506": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN cannot work here: ${c.message}`,
    "check the configured ORACLE_HOME and SID, that the instance runs, and that umbra's user is in the group of OSBACKUPDBA",
  ),
  "UMB-5507": entry<RmanFailure>(
    exitClass.database,
    (c) => `RMAN could not do ${c.action} now: ${c.message}`,
    "another backup or a shutdown is at work: run the command again when it has ended",
  ),
} as const;
