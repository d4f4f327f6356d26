import type {
  ConnectionAttributes,
  Driver,
  DriverConnection,
  DriverResult,
} from "../../../../src/adapters/oracledb/driver.ts";
import type { DatabaseConfig } from "../../../../src/domain/fleet.ts";
import type { DatabaseName, FilePath } from "../../../../src/domain/names.ts";

type Answer = (sql: string) => Promise<DriverResult>;

export const rows = (...values: Readonly<Record<string, unknown>>[]): DriverResult => ({
  metaData: Object.keys(values[0] ?? {}).map((name) => ({ name })),
  rows: values.map((row) => Object.values(row)),
});

export const never = (): Promise<never> => new Promise(() => {});

/** A driver whose connections know their container and leave every other statement to `answer`. */
export class FakeDriver implements Driver {
  readonly SYSDBA = 2;
  readonly SYSOPER = 4;
  readonly SYSBACKUP = 0x2_00_00;
  readonly OUT_FORMAT_ARRAY = 4001;
  readonly STRING = 2001;
  readonly DB_TYPE_NUMBER = "number";
  readonly DB_TYPE_CLOB = "clob";
  readonly asked: ConnectionAttributes[] = [];
  readonly connections: FakeConnection[] = [];
  readonly #answer: Answer;
  warning: Error | undefined;
  refusal: Promise<never> | undefined;

  constructor(answer: Answer = async () => rows()) {
    this.#answer = answer;
  }

  async getConnection(attributes: ConnectionAttributes): Promise<DriverConnection> {
    this.asked.push(attributes);
    if (this.refusal !== undefined) return await this.refusal;
    const connection = new FakeConnection(this.#answer, this.warning);
    this.connections.push(connection);
    return connection;
  }
}

export class FakeConnection implements DriverConnection {
  readonly warning: Error | undefined;
  readonly sent: string[] = [];
  readonly #answer: Answer;
  container = "CDB$ROOT";
  breaks = 0;
  closes = 0;
  destroyed = 0;
  hangsOnClose = false;
  onBreak: () => void = () => {};
  /** As the real one has it. */
  readonly _impl = { nscon: { ntAdapter: { stream: { destroy: () => (this.destroyed += 1) } } } };

  constructor(answer: Answer, warning: Error | undefined) {
    this.#answer = answer;
    this.warning = warning;
  }

  async execute(sql: string): Promise<DriverResult> {
    this.sent.push(sql);
    if (sql.includes("CON_NAME")) return rows({ CON_NAME: this.container, CON_ID: this.containerId() });
    const target = /set container = "(.*)"/.exec(sql)?.[1];
    if (target === undefined) return await this.#answer(sql);
    if (target !== "STUCK") this.container = target;
    return {};
  }

  private containerId(): number {
    return this.container === "CDB$ROOT" ? 1 : this.container === "PLAIN" ? 0 : 3;
  }

  async break(): Promise<void> {
    this.breaks += 1;
    this.onBreak();
  }

  async close(): Promise<void> {
    this.closes += 1;
    if (this.hangsOnClose) await never();
  }
}

export function driverFailure(code: string, message: string, errorNum = 0): Error {
  return Object.assign(new Error(message), { code, errorNum });
}

export const config: DatabaseConfig = {
  name: "PROD1" as DatabaseName,
  connect: {
    connectString: "db1/PROD1",
    user: "umbra",
    privilege: "sysbackup",
    password: { from: "env", variable: "PASSWORD" },
  },
  storage: "disk",
  backupArea: "/backup/PROD1" as FilePath,
  backup: { mode: "per-tablespace", parallel: 1, spareBytes: 0 },
  cold: { mode: "plain", shutdown: "immediate", onOverrun: "stop-copy", abortWhenStuck: false },
  refresh: { engine: "blocks", find: "compare", parallel: 1, snapshot: "none" },
  logs: { guard: "warn", freeBytes: 0, reopenMs: 60_000, lagMs: 60_000 },
  deadlines: {
    connectMs: 1,
    statementMs: 1,
    beginBackupMs: 1,
    shutdownMs: 1,
    startupMs: 1,
    archivedLogMs: 1,
    copyStallMs: 1,
  },
};
