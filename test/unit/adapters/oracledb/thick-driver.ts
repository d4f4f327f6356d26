import type {
  ConnectionAttributes,
  DriverResult,
  ThickConnection,
  ThickDriver,
} from "../../../../src/adapters/oracledb/driver.ts";
import { driverFailure, never, rows } from "./fake-driver.ts";

type State = "down" | "nomount" | "mount" | "open";

/** Oracle's client and an instance behind it, as its documentation describes both. */
export class FakeThickDriver implements ThickDriver {
  readonly SYSDBA = 2;
  readonly SYSOPER = 4;
  readonly versionString = "7.0.1";
  readonly SYSPRELIM = 8;
  readonly SYSBACKUP = 0x2_00_00;
  readonly OUT_FORMAT_ARRAY = 4001;
  readonly STRING = 2001;
  readonly DB_TYPE_NUMBER = "number";
  readonly DB_TYPE_CLOB = "clob";
  readonly SHUTDOWN_MODE_DEFAULT = 0;
  readonly SHUTDOWN_MODE_TRANSACTIONAL = 1;
  readonly SHUTDOWN_MODE_IMMEDIATE = 3;
  readonly SHUTDOWN_MODE_FINAL = 4;
  readonly SHUTDOWN_MODE_ABORT = 5;
  state: State = "open";
  restricted = false;
  /** What was sent to change something, in order. */
  readonly sent: string[] = [];
  readonly clients: object[] = [];
  readonly logins: ConnectionAttributes[] = [];
  open = 0;
  /** Statement, `startup` or `shutdown`, and what it is answered with. */
  failure: { readonly on: string; readonly error?: Error } | undefined;
  clientFailure: Error | undefined;

  initOracleClient(options: object): void {
    if (this.clientFailure) throw this.clientFailure;
    this.clients.push(options);
  }

  async getConnection(attributes: ConnectionAttributes): Promise<ThickConnection> {
    this.logins.push(attributes);
    await this.#maybeFail("login");
    const preliminary = ((attributes.privilege ?? 0) & this.SYSPRELIM) !== 0;
    if (this.state === "down" && !preliminary)
      throw driverFailure("ORA-01034", "ORA-01034: ORACLE not available", 1034);
    this.open += 1;
    return {
      execute: (sql) => this.#execute(sql),
      startup: async (options) => {
        await this.#change(`startup ${JSON.stringify(options)}`);
        this.state = "nomount";
        this.restricted = options.restrict === true;
      },
      shutdown: async (mode) => {
        await this.#change(`shutdown ${mode}`);
        if (mode === this.SHUTDOWN_MODE_ABORT || mode === this.SHUTDOWN_MODE_FINAL) this.state = "down";
      },
      break: async () => {},
      close: async () => void (this.open -= 1),
    };
  }

  async #execute(sql: string): Promise<DriverResult> {
    if (sql.includes("CON_NAME")) return rows({ CON_NAME: "CDB$ROOT", CON_ID: 1 });
    if (sql.includes("v$database")) return rows({ OPEN_MODE: "READ WRITE", DBID: "1234567" });
    if (sql.includes("v$instance")) return this.#instanceRow();
    const [from, to] = TRANSITIONS[sql.toLowerCase()] ?? [];
    await this.#change(sql);
    if (from !== this.state || to === undefined) {
      const ora = sql.includes("close") ? 1109 : 1507;
      throw driverFailure(`ORA-0${ora}`, `ORA-0${ora}: not in this state`, ora);
    }
    this.state = to;
    return {};
  }

  #instanceRow(): DriverResult {
    const status = { down: "", nomount: "STARTED", mount: "MOUNTED", open: "OPEN" }[this.state];
    const logins = this.restricted ? "RESTRICTED" : "ALLOWED";
    return rows({
      INSTANCE_NAME: "PROD1",
      HOST_NAME: "db1",
      STATUS: status,
      LOGINS: logins,
      SHUTDOWN_PENDING: "NO",
      STARTED_AT: "2026-11-21T08:00:00",
    });
  }

  async #change(what: string): Promise<void> {
    this.sent.push(what);
    await this.#maybeFail(what);
  }

  async #maybeFail(what: string): Promise<void> {
    if (this.failure === undefined || !what.startsWith(this.failure.on)) return;
    if (this.failure.error === undefined) await never();
    throw this.failure.error;
  }
}

const TRANSITIONS: Readonly<Record<string, readonly [State, State]>> = {
  "alter database mount": ["nomount", "mount"],
  "alter database open": ["mount", "open"],
  "alter database close normal": ["open", "mount"],
  "alter database dismount": ["mount", "nomount"],
};
