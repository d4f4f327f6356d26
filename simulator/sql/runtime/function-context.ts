/** What functions need to know of the session that runs the statement. All of it stands still during one statement. */
export interface FunctionContext {
  readonly now: Date;
  /** Offset of the database host, minutes ahead of UTC. */
  readonly zoneMinutes: number;
  readonly nls: ReadonlyMap<string, string>;
  readonly userId: number;
  currentScn(): bigint;
  scnAt(time: Date): bigint;
  /** undefined for a parameter that is not known (ORA-02003 in USERENV). */
  sysContext(namespace: string, name: string): string | null | undefined;
}

export type FunctionArgument = null | string | bigint | number | Uint8Array;
export type SqlFunction = (context: FunctionContext, ...args: FunctionArgument[]) => FunctionArgument;
