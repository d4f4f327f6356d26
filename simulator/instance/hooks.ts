import type { ArchivedLogRecord } from "./control-file.ts";

/** What the outside gives an instance: time, chance, pauses and faults. All of it may be replaced by a test. */
export interface Hooks {
  readonly now: () => Date;
  /** Between the two halves of a block write, and wherever the instance would let others run. */
  readonly pause: () => Promise<void>;
  /** Between two rounds of the background writer, and between attempts of the archiver. */
  readonly idle: () => Promise<void>;
  readonly random: () => number;
  readonly faults: Faults;
  readonly signs?: InstanceSigns;
  /** After each log that was archived: everything that was, for whoever ships it to a standby. */
  readonly archived?: (logs: readonly ArchivedLogRecord[]) => void;
}

/**
 * Where STARTUP, SHUTDOWN and managed recovery can be held or made to fail. `start` comes before the instance, `shutdown`
 * before anything ends, `apply` before each look for logs: an error there ends MRP0.
 */
export type InstanceStep = "start" | "mount" | "open" | "shutdown" | "rollback" | "apply";

export interface Faults {
  /** Before each step: an OraError that it throws is the outcome of the statement. */
  reaching?(step: Exclude<InstanceStep, "rollback">): Promise<void>;
  /** Before each undo record that SHUTDOWN applies; `left` counts them. */
  rollingBack?(left: number): Promise<void>;
  /** Asked for each archived log and destination: "hang" waits until asked again says otherwise, an error is reported. */
  archiveFault?(destination: {
    readonly id: number;
    readonly location: string;
  }): "hang" | { readonly code: number; readonly text: string } | undefined;
}

/** What the host shows of an instance: processes and locks, for others to look at. */
export interface InstanceSigns {
  /** STARTUP. `onLost` is called when somebody kills the process: the instance dies with it. */
  started(onLost: () => void): Promise<void>;
  /** MOUNT: ORA-01102 where another instance has the database mounted. */
  mounted(dbUniqueName: string): Promise<void>;
  dismounted(): Promise<void>;
  /** The instance has gone, in whatever way. Done already is success. */
  ended(): Promise<void>;
}
