import type { ContainerName } from "../domain/names.ts";

export type BindValue = string | number | null;
/** Values are text, numbers or null: SCNs, dates and byte counts are asked for as text by the statement. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface CallOptions {
  /** Deadline of this call, held by umbra's own watchdog: the driver's does not fire on a dead network. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/**
 * One dedicated session in one container. Calls are sequential: a second call waits for the first.
 *
 * Errors: `UmbraError` UMB-5xxx. `lost` in its context says that the connection is gone and the outcome of a
 * statement that changes something is unknown: read the state again before doing anything else.
 * After a missed deadline the session is dead and is never used again.
 */
export interface Database extends AsyncDisposable {
  readonly container: ContainerName;
  /** Keys of the rows are the column names in lower case. */
  query(
    sql: string,
    binds: Readonly<Record<string, BindValue>>,
    options: CallOptions,
  ): Promise<readonly Row[]>;
  /** DDL or ALTER: nothing is returned. */
  execute(sql: string, options: CallOptions): Promise<void>;
  /** Closes; never hangs and never throws. May be called twice. */
  close(): Promise<void>;
}

/** Opens sessions on one configured database. Knows the secret; nobody else does. */
export interface DatabaseConnector {
  /**
   * A new session, switched to the container and verified to be in it (rule 106).
   * Without `container`: where the service leads (CDB$ROOT for the service of a whole database).
   */
  connect(options: CallOptions & { readonly container?: ContainerName }): Promise<Database>;
}
