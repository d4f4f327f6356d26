import { OraError } from "../engine/ora-error.ts";
import { recoverMedia } from "./recover.ts";
import { type RecoveryContext, RecoveryLogs } from "./recovery-logs.ts";

/** MRP0 as views show it. */
export interface StandbyApplyView {
  readonly realTime: boolean;
  readonly status: "APPLYING_LOG" | "WAIT_FOR_LOG";
  /** Of the log that it applies or waits for. */
  readonly sequence: number;
}

/**
 * Managed recovery of a physical standby: applies each log that arrives where LOG_ARCHIVE_DEST_1 points. While the
 * standby is open it only says so: this simulation applies redo to closed files.
 */
export class StandbyApply {
  readonly realTime: boolean;
  /** When everything that had arrived was applied. */
  caughtUpAt: Date | undefined;
  readonly #context: RecoveryContext;
  readonly #isOpen: () => boolean;
  /** Resolves when MRP0 has ended, in whatever way. */
  readonly ended: Promise<void>;
  #stopping = false;
  #over = false;
  #busy = false;
  #sequence = 0;

  constructor(context: RecoveryContext, how: { readonly realTime: boolean; readonly isOpen: () => boolean }) {
    this.#context = context;
    this.realTime = how.realTime;
    this.#isOpen = how.isOpen;
    this.ended = this.#run();
  }

  get running(): boolean {
    return !this.#over;
  }

  get view(): StandbyApplyView {
    return {
      realTime: this.realTime,
      status: this.#busy ? "APPLYING_LOG" : "WAIT_FOR_LOG",
      sequence: this.#sequence + 1,
    };
  }

  /** The log under way is applied to its end. */
  async cancel(): Promise<void> {
    this.#stopping = true;
    await this.ended;
  }

  async #run(): Promise<void> {
    const { database } = this.#context;
    const { hooks, alert } = database;
    alert.note("Managed Standby Recovery started");
    try {
      while (!this.#stopping && !database.dead) {
        await hooks.faults.reaching?.("apply");
        if (!this.#isOpen() && !database.dead) await this.#applyNew();
        await hooks.idle();
      }
    } catch (error) {
      if (!database.dead) alert.note("MRP0: Background Media Recovery terminated with error", String(error));
    } finally {
      this.#over = true;
    }
  }

  async #applyNew(): Promise<void> {
    const { database } = this.#context;
    const arrived = new RecoveryLogs(this.#context, undefined, false);
    const newest = Math.max(
      0,
      ...database.control.threads.flatMap(({ thread }) =>
        arrived.ofThread(thread).map(({ header }) => header.sequence),
      ),
    );
    if (newest > this.#sequence) {
      this.#busy = true;
      try {
        await recoverMedia(this.#context, {
          scope: { level: "database" },
          until: "CANCEL",
          usingBackupControlfile: true,
        });
      } catch (error) {
        // Files that stand apart until more redo comes: ORA-01547 is only a warning.
        if (!(error instanceof OraError) || error.code !== 1547) throw error;
      } finally {
        this.#busy = false;
      }
      this.#sequence = newest;
    }
    this.caughtUpAt = database.hooks.now();
  }
}
