import { withQuietFinalizers } from "./finalizers.ts";

/** What umbra uses of the package oracledb, 7 or 26. */
export interface Driver {
  readonly SYSDBA: number;
  readonly SYSOPER: number;
  readonly SYSBACKUP: number;
  readonly OUT_FORMAT_ARRAY: number;
  readonly STRING: number;
  readonly DB_TYPE_NUMBER: unknown;
  readonly DB_TYPE_CLOB: unknown;
  getConnection(attributes: ConnectionAttributes): Promise<DriverConnection>;
}

/** Timeouts in seconds, `expireTime` in minutes. */
export interface ConnectionAttributes {
  readonly connectString: string;
  readonly user: string;
  readonly password: string;
  readonly privilege?: number;
  readonly connectTimeout: number;
  readonly transportConnectTimeout: number;
  readonly expireTime: number;
}

export interface DriverConnection {
  /** ORA-28002 and the like, after a login that succeeded. */
  readonly warning?: unknown;
  execute(
    sql: string,
    binds: Readonly<Record<string, string | number | null>>,
    options: ExecuteOptions,
  ): Promise<DriverResult>;
  break(): Promise<void>;
  close(options?: { readonly drop?: boolean }): Promise<void>;
}

export interface ExecuteOptions {
  readonly outFormat: number;
  /** 0: all rows. */
  readonly maxRows: number;
  readonly fetchArraySize: number;
  readonly prefetchRows: number;
  readonly fetchTypeHandler: (column: { readonly dbType?: unknown }) => FetchType | undefined;
}

export interface FetchType {
  readonly type: number;
  readonly converter?: (value: unknown) => unknown;
}

export interface DriverResult {
  readonly metaData?: readonly { readonly name: string }[] | undefined;
  readonly rows?: readonly (readonly unknown[])[] | undefined;
}

/** What only thick mode can do, through Oracle's own client. */
export interface ThickDriver extends Driver {
  readonly versionString: string;
  /** Of Oracle's client; thick mode only. */
  readonly oracleClientVersionString?: string | undefined;
  readonly SYSPRELIM: number;
  readonly SHUTDOWN_MODE_ABORT: number;
  /** NORMAL. */
  readonly SHUTDOWN_MODE_DEFAULT: number;
  readonly SHUTDOWN_MODE_FINAL: number;
  readonly SHUTDOWN_MODE_IMMEDIATE: number;
  readonly SHUTDOWN_MODE_TRANSACTIONAL: number;
  /** Synchronous. Before the first connection of the process; again only with the same arguments. */
  initOracleClient(options: { readonly libDir: string; readonly configDir?: string }): void;
  getConnection(attributes: ConnectionAttributes): Promise<ThickConnection>;
}

export interface ThickConnection extends DriverConnection {
  startup(options: { readonly restrict?: boolean; readonly pfile?: string }): Promise<void>;
  shutdown(mode: number): Promise<void>;
}

/** The package is loaded when the first session is opened: commands that need no database start faster. */
export async function loadDriver(): Promise<ThickDriver> {
  const module = await withQuietFinalizers(() => import("oracledb"));
  return module.default as unknown as ThickDriver;
}
