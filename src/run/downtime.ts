import { formatDuration } from "../domain/human.ts";
import type { ColdBackupPlan } from "../domain/plan.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { World } from "./world.ts";

/** STARTUP and opening need their time too: copies are stopped so long before the limit, at most a fifth of it. */
const KEPT_FOR_STARTUP_MS = 30_000;
const KEPT_SHARE = 0.2;

/** How long the database has been down, and what happens when that is too long. */
export class Downtime {
  readonly #world: World;
  readonly #overrun = new AbortController();
  #watch: AbortController | undefined;
  #fromMs: number | undefined;
  #toMs: number | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Aborted with UMB-5401 when copies must stop. */
  get signal(): AbortSignal {
    return this.#overrun.signal;
  }

  /** Milliseconds from SHUTDOWN to the saved state, or to now; undefined before SHUTDOWN. */
  get ms(): number | undefined {
    if (this.#fromMs === undefined) return undefined;
    return (this.#toMs ?? this.#world.clock.monotonicMs()) - this.#fromMs;
  }

  /** For an event; empty while the database is up. */
  get told(): { readonly downMs?: number } {
    const { ms } = this;
    return ms === undefined || this.#toMs !== undefined ? {} : { downMs: ms };
  }

  /** Right before SHUTDOWN is sent. */
  begin(): void {
    this.#fromMs ??= this.#world.clock.monotonicMs();
  }

  /** It is down: from here on there are copies to stop. SHUTDOWN itself cannot be stopped, but its time counts. */
  watch(plan: ColdBackupPlan): void {
    if (plan.maxDowntimeMs === undefined || this.#watch !== undefined) return;
    this.#watch = new AbortController();
    void this.#watchOver(plan, plan.maxDowntimeMs, this.#watch.signal);
  }

  /** From here on everything leads to the start of the database: there is nothing to stop any more. */
  unwatch(): void {
    this.#watch?.abort();
  }

  /** The saved state was proved. */
  end(): void {
    this.unwatch();
    this.#toMs ??= this.#world.clock.monotonicMs();
  }

  async #watchOver(plan: ColdBackupPlan, limitMs: number, until: AbortSignal): Promise<void> {
    const { clock, reporter } = this.#world;
    const stops = plan.onOverrun === "stop-copy";
    const kept = stops ? Math.min(KEPT_FOR_STARTUP_MS, limitMs * KEPT_SHARE) : 0;
    try {
      await clock.sleep(Math.max(0, limitMs - kept - (this.ms ?? 0)), until);
    } catch {
      return;
    }
    if (stops) {
      this.#overrun.abort(new UmbraError("UMB-5401", { limit: formatDuration(limitMs) }));
      return;
    }
    const seen = `the database has been down for ${formatDuration(limitMs)}, the limit, and the copies go on`;
    const warning = { rule: 29, seen, todo: "use --mode pre-copy or --mode snapshot" };
    reporter.event({ kind: "warning", at: clock.now(), run: plan.run, warning });
  }
}
