import { containerName } from "../core.ts";
import { fixedView, publicView, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";
import { sessionPrivileges, sessionRoles } from "../privileges.ts";
import type { SessionState } from "../session-state.ts";
import { sessionAddress, transactionAddress, transaction } from "./transactions.ts";

const session = fixedView(
  "V$SESSION",
  "NOMOUNT",
  `SADDR RAW(8);SID n;SERIAL# n;AUDSID n;PADDR RAW(8);USER# n;USERNAME v128;COMMAND n;STATUS v8;SERVER v9;SCHEMANAME v128;OSUSER v128;PROCESS v24;MACHINE v64
   PORT n;TERMINAL v30;PROGRAM v84;TYPE v10;SQL_ID v13;MODULE v64;ACTION v64;CLIENT_INFO v64;LOGON_TIME d;LAST_CALL_ET n;FAILOVER_TYPE v13;CLIENT_IDENTIFIER v64
   BLOCKING_SESSION_STATUS v11;BLOCKING_SESSION n;EVENT v64;WAIT_CLASS v64;STATE v19;SERVICE_NAME v64;TADDR RAW(8);CON_ID n`,
  (world) => [...background(world), ...world.core.sessions.all().map((state) => sessionRow(state, world))],
);

const BACKGROUND = ["PMON", "DBW0", "LGWR", "CKPT", "SMON", "ARC0"];

function background(world: ViewWorld): Record<string, string | number | Date>[] {
  return BACKGROUND.map((name, index) => ({
    SID: index + 2,
    "SERIAL#": 1,
    "USER#": 0,
    STATUS: "ACTIVE",
    SERVER: "DEDICATED",
    SCHEMANAME: "SYS",
    OSUSER: "oracle",
    MACHINE: world.core.identity.host,
    PROGRAM: `oracle@${world.core.identity.host} (${name})`,
    TYPE: "BACKGROUND",
    LOGON_TIME: world.core.instance.startedAt,
    SERVICE_NAME: "SYS$BACKGROUND",
    CON_ID: 0,
  }));
}

function sessionRow(state: SessionState, world: ViewWorld): ViewRow {
  return {
    SADDR: sessionAddress(state),
    TADDR: transactionAddress(world, state.transaction),
    SID: state.sid,
    "SERIAL#": state.serial,
    AUDSID: state.privilege === "NORMAL" ? 100_000 + state.serial : 4_294_967_295,
    "USER#": state.userId,
    USERNAME: state.user,
    COMMAND: state.busy ? 3 : 0,
    STATUS: state.killed ? "KILLED" : state.busy ? "ACTIVE" : "INACTIVE",
    SERVER: "DEDICATED",
    SCHEMANAME: state.schema,
    OSUSER: state.login.osUser,
    PROCESS: "1234",
    MACHINE: state.login.machine,
    TERMINAL: state.login.terminal,
    PROGRAM: state.login.program,
    TYPE: "USER",
    MODULE: state.client["MODULE"] ?? state.login.program,
    ACTION: state.client["ACTION"],
    CLIENT_INFO: state.client["CLIENT_INFO"],
    CLIENT_IDENTIFIER: state.client["CLIENT_ID"],
    LOGON_TIME: state.logonAt,
    LAST_CALL_ET: Math.max(
      0,
      Math.floor((world.core.instance.now().getTime() - state.lastCallAt.getTime()) / 1000),
    ),
    BLOCKING_SESSION_STATUS: "NO HOLDER",
    EVENT: "SQL*Net message from client",
    WAIT_CLASS: "Idle",
    STATE: "WAITING",
    SERVICE_NAME: state.login.service.toLowerCase(),
    CON_ID: state.conId,
  };
}

const connectInfo = publicView(
  "V$SESSION_CONNECT_INFO",
  "SID n;SERIAL# n;AUTHENTICATION_TYPE v26;OSUSER v128;NETWORK_SERVICE_BANNER v4000;CLIENT_CHARSET v40;CLIENT_DRIVER v30;CON_ID n",
  (world) =>
    world.core.sessions.all().map((state) => ({
      SID: state.sid,
      "SERIAL#": state.serial,
      AUTHENTICATION_TYPE: "DATABASE",
      OSUSER: state.login.osUser,
      NETWORK_SERVICE_BANNER: "TCP/IP NT Protocol Adapter",
      CLIENT_CHARSET: "AL32UTF8",
      CLIENT_DRIVER: state.client["DRIVER"] ?? "node-oracledb : thn",
      CON_ID: state.conId,
    })),
);

const longops = fixedView(
  "V$SESSION_LONGOPS",
  "NOMOUNT",
  "SID n;SERIAL# n;OPNAME v64;TARGET v64;SOFAR n;TOTALWORK n;UNITS v32;START_TIME d;LAST_UPDATE_TIME d;TIME_REMAINING n;ELAPSED_SECONDS n;CONTEXT n;MESSAGE v512;USERNAME v128;CON_ID n",
  () => [],
);

const STATISTICS = [
  "logons cumulative",
  "opened cursors cumulative",
  "user commits",
  "user calls",
  "SQL*Net roundtrips to/from client",
];
const statname = fixedView("V$STATNAME", "NOMOUNT", "STATISTIC# n;NAME v64;CLASS n;STAT_ID n;CON_ID n", () =>
  STATISTICS.map((name, index) => ({ "STATISTIC#": index, NAME: name, CLASS: 1, STAT_ID: index, CON_ID: 0 })),
);
const mystat = fixedView("V$MYSTAT", "NOMOUNT", "SID n;STATISTIC# n;VALUE n;CON_ID n", (world) =>
  STATISTICS.map((_, index) => ({
    SID: world.session.sid,
    "STATISTIC#": index,
    VALUE: 0,
    CON_ID: world.session.conId,
  })),
);
const sesstat = fixedView("V$SESSTAT", "NOMOUNT", "SID n;STATISTIC# n;VALUE n;CON_ID n", (world) =>
  world.core.sessions
    .all()
    .flatMap((state) =>
      STATISTICS.map((_, index) => ({ SID: state.sid, "STATISTIC#": index, VALUE: 0, CON_ID: state.conId })),
    ),
);

const privileges = publicView("SESSION_PRIVS", "PRIVILEGE v40", (world) =>
  sessionPrivileges(world.session, world.core.accounts).map((name) => ({ PRIVILEGE: name })),
);
const roles = publicView("SESSION_ROLES", "ROLE v128", (world) =>
  sessionRoles(world.session, world.core.accounts).map((name) => ({ ROLE: name })),
);

const dual = publicView("DUAL", "DUMMY v1", () => [{ DUMMY: "X" }]);
const globalName = publicView("GLOBAL_NAME", "GLOBAL_NAME v4000", (world) => [
  {
    GLOBAL_NAME:
      world.session.conId > 1 ? containerName(world.core, world.session.conId) : world.core.identity.dbName,
  },
]);

export const sessionViews: readonly View[] = [
  session,
  connectInfo,
  transaction,
  longops,
  statname,
  mystat,
  sesstat,
  privileges,
  roles,
  dual,
  globalName,
];
