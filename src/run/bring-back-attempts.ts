import { connectionLost } from "../errors/database-error.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { Difference } from "../plan/restore-state.ts";
import type { Ascent } from "./ascent.ts";
import { failureText, messageOf } from "./failure-words.ts";

/** After the first failures; later ones wait as long as the last. */
const PAUSES_MS = [100, 500, 1_000, 2_000, 4_000];
/** An instance that says no so often says it again; the timer of `umbra reconcile` asks once a minute. */
const MOST_REFUSALS = 6;
/** Stages between down and open are three; more without a pause means that something goes back and forth. */
const MOST_STAGES = 8;
const MOST_PROBLEMS = 4;
/** A listener hears of an instance within a minute of its OPEN. */
const LISTENER_MS = 120_000;
/** No session could be opened. */
const NO_SESSION = ["UMB-5101", "UMB-5102", "UMB-5103"];

/** How often and how long one database is tried; throws UMB-10002 when that is enough. */
export class Attempts {
  readonly #ascent: Ascent;
  /** What went wrong, with how often, oldest first. */
  readonly #problems = new Map<string, number>();
  #cause: unknown;
  #differences: readonly Difference[] = [];
  #refusals = 0;
  #pauses = 0;
  #stages = 0;
  /** On the monotonic clock: since when an open database lets nobody in. */
  #unheardSince: number | undefined;

  constructor(ascent: Ascent) {
    this.#ascent = ascent;
  }

  /** False when it came further too often in a row. */
  cameFurther(): boolean {
    this.#stages += 1;
    return this.#stages <= MOST_STAGES;
  }

  failed(error: unknown): void {
    const told = isUmbraError(error) ? failureText(error) : messageOf(error);
    const text = told.replaceAll(/\s*\n\s*/gu, " ");
    if (!this.#problems.has(text)) this.#tell(text);
    this.#problems.set(text, (this.#problems.get(text) ?? 0) + 1);
    this.#cause = error;
    // What was seen before it may not hold any more.
    this.#differences = [];
    if (!this.#mayPass(error)) this.#refusals += 1;
  }

  notAsItWas(differences: readonly Difference[]): void {
    this.#differences = differences;
    this.#refusals += 1;
  }

  /** Until the next attempt. UMB-10002 instead where there is none. */
  async pause(): Promise<void> {
    const { world, patientUntil } = this.#ascent;
    const left = patientUntil - world.clock.monotonicMs();
    if (this.#refusals >= MOST_REFUSALS || left <= 0) throw this.#givenUp();
    const pause = PAUSES_MS[Math.min(this.#pauses, PAUSES_MS.length - 1)] ?? 0;
    this.#pauses += 1;
    this.#stages = 0;
    await world.clock.sleep(Math.min(pause, left));
  }

  /** An answer that was lost, a network or a host that may come back, a listener that does not know the instance yet. */
  #mayPass(error: unknown): boolean {
    const { world, seen } = this.#ascent;
    if (!isUmbraError(error) || world.instance === undefined) return false;
    if (seen === "open" && NO_SESSION.includes(error.code)) {
      const now = world.clock.monotonicMs();
      this.#unheardSince ??= now;
      return now - this.#unheardSince < LISTENER_MS;
    }
    if (connectionLost(error)) return true;
    const passing = [...NO_SESSION, "UMB-5203", "UMB-5303", "UMB-5305"];
    return passing.includes(error.code) || error.code.startsWith("UMB-72");
  }

  /** At once, not when all attempts have failed: nothing that umbra tells is more urgent (rule 24). */
  #tell(problem: string): void {
    const { world, obligation, seen } = this.#ascent;
    const { clock, reporter } = world;
    const warning = {
      rule: 24,
      seen: `${obligation.database} ${unprovedWords(seen)}: ${problem}`,
      todo: "nothing yet: it is tried again",
    };
    reporter.event({ kind: "warning", at: clock.now(), run: obligation.run, warning });
  }

  #givenUp(): UmbraError {
    const { obligation, seen } = this.#ascent;
    const grave = this.#differences.map((one) => one.seen);
    const tried = [...this.#problems].map(([text, times]) =>
      times === 1 ? text : `${text} (${times} times)`,
    );
    const problems = [...grave, ...tried.slice(-MOST_PROBLEMS)];
    const byHand = grave.length > 0 ? this.#differences.map((one) => one.todo) : BY_HAND[seen];
    return new UmbraError(
      "UMB-10002",
      {
        database: obligation.database,
        state: grave.length > 0 ? STATE_WORDS[seen] : unprovedWords(seen),
        problems: problems.length > 0 ? problems : ["nothing changed while it was waited for"],
        byHand,
      },
      { cause: this.#cause },
    );
  }
}

const STATE_WORDS: Readonly<Record<Ascent["seen"], string>> = {
  down: "is down",
  nomount: "is not mounted",
  mount: "is mounted only",
  open: "is open, but not as it was",
  stopping: "is still being shut down",
  unknown: "may be down: its instance cannot be asked",
};

function unprovedWords(seen: Ascent["seen"]): string {
  return seen === "open" ? "is open, but whether it is as it was cannot be asked" : STATE_WORDS[seen];
}

const BY_HAND: Readonly<Record<Ascent["seen"], readonly string[]>> = {
  down: ["STARTUP in `sqlplus / as sysdba`"],
  nomount: ["ALTER DATABASE MOUNT", "ALTER DATABASE OPEN"],
  mount: ["ALTER DATABASE OPEN"],
  open: [],
  stopping: ["look into the alert log for what SHUTDOWN waits for", "STARTUP when it is down"],
  unknown: ["look at the instance on its host", "STARTUP if it is down"],
};
