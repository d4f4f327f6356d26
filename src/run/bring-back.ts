import type { StartupObligation } from "../domain/obligation.ts";
import type { Warning } from "../domain/refusal.ts";
import type { Difference } from "../plan/restore-state.ts";
import type { Database } from "../ports/database.ts";
import type { InstanceStatus } from "../ports/instance.ts";
import type { Ascent } from "./ascent.ts";
import { Attempts } from "./bring-back-attempts.ts";
import { climb } from "./climb.ts";
import { restoreState } from "./restore-state.ts";
import type { DatabaseState } from "./saved-state.ts";
import type { World } from "./world.ts";

export interface BringBackOptions {
  /**
   * Called once when the database is mounted on its way up, with a session in the root of the right DBID. What it throws
   * is given back in `mounted`, and does not keep the database from being opened.
   */
  readonly whenMounted?: (db: Database) => Promise<void>;
  /** Called when the saved state was proved, before that is written down: users work by then. */
  readonly whenProved?: () => void;
  /**
   * `answered`: SHUTDOWN was never sent, or its answer was read: it cannot take effect any more. Default `unknown`: a
   * database that is still up is watched for a while before it counts as never shut down.
   */
  readonly shutdown?: "answered" | "unknown";
  /** How the instance was left, where that is known: then it is not looked at before the first attempt. */
  readonly known?: InstanceStatus | undefined;
  /**
   * So long what may pass is waited for: a lost answer, a host that cannot be reached, somebody else at work. Default
   * `deadlines.startupMs`, which bounds all of it in any case.
   */
  readonly patienceMs?: number;
}

export interface BroughtBack {
  /** The discharge's note: what was done. */
  readonly note: string;
  /** What is not exactly as it was, and keeps nobody from working. */
  readonly warnings: readonly Warning[];
  /** False where the database was up already. */
  readonly started: boolean;
  /** `not-seen`: the database was past MOUNT, or could not be asked there, or nobody wanted to know. */
  readonly mounted: "seen" | "not-seen" | { readonly failed: unknown };
  /** As it was proved. */
  readonly now: DatabaseState;
}

/** A SHUTDOWN that umbra sent before it died has reached the instance by then, or never will. */
const SHUTDOWN_MAY_COME_MS = 30_000;

/**
 * Brings the database back to the state that it had before SHUTDOWN, whatever state it is in now, proves it by the views
 * of the same DBID, and discharges the obligation. The run's signal does not stop it. While the obligation is open a
 * database that is down is started, also where somebody shut it down on purpose meanwhile.
 * Errors: UMB-10002 where it did not come back within `deadlines.startupMs`; the obligation stays. UMB-8006: it came
 * back, but the state could not be told.
 */
export async function bringBack(
  world: World,
  obligation: StartupObligation,
  options: BringBackOptions = {},
): Promise<BroughtBack> {
  const { startupMs } = world.database.deadlines;
  const now = world.clock.monotonicMs();
  const ascent: Ascent = {
    world,
    obligation,
    whenMounted: options.whenMounted,
    giveUpAt: now + startupMs,
    patientUntil: now + Math.min(startupMs, options.patienceMs ?? startupMs),
    started: false,
    openedAtMs: undefined,
    ownOpenBy: undefined,
    mounted: "not-seen",
    autoRestart: obligation.saved.autoRestart === true ? "owed" : "done",
    known: options.known,
    seen: "unknown",
  };
  const back = await broughtBack(ascent, options.shutdown === "answered");
  options.whenProved?.();
  await world.state.startups.discharge(obligation.id, world.clock.now(), back.note);
  return back;
}

async function broughtBack(ascent: Ascent, answered: boolean): Promise<BroughtBack> {
  const { clock } = ascent.world;
  const attempts = new Attempts(ascent);
  const settledAt = answered ? -Infinity : shutdownMayComeUntil(ascent);
  for (;;) {
    try {
      const climbed = await climb(ascent);
      if (climbed === "again" && attempts.cameFurther()) continue;
      if (climbed === "up") {
        const { now, differences } = await restoreState(ascent);
        const grave = differences.filter((one) => one.grave);
        if (grave.length > 0) attempts.notAsItWas(grave);
        else if (!isSameStart(ascent.obligation, now) || clock.monotonicMs() >= settledAt)
          return told(ascent, now, differences);
      }
    } catch (error) {
      attempts.failed(error);
    }
    await attempts.pause();
  }
}

/**
 * Killed between writing the obligation and the answer to SHUTDOWN: it may be on its way still. On the monotonic clock,
 * because a clock that was set back must not keep a database from counting as up.
 */
function shutdownMayComeUntil({ world, obligation }: Ascent): number {
  const { clock, database } = world;
  const most = Math.min(SHUTDOWN_MAY_COME_MS, database.deadlines.startupMs / 2);
  const left = obligation.openedAt + most - clock.now();
  return clock.monotonicMs() + Math.max(0, Math.min(most, left));
}

function isSameStart({ startedAt }: StartupObligation, now: DatabaseState): boolean {
  return startedAt.every(({ instance, at }) =>
    now.startedAt.some((one) => one.instance === instance && one.at === at),
  );
}

function told(ascent: Ascent, now: DatabaseState, differences: readonly Difference[]): BroughtBack {
  const { obligation, started, mounted } = ascent;
  const how = started
    ? "started"
    : isSameStart(obligation, now)
      ? "never shut down"
      : "started by somebody else";
  const note = `${how}; ${now.saved.openMode} as seen at ${now.startedAt.map((one) => `${one.instance} up since ${one.at}`).join(", ")}`;
  const warnings = differences.map(({ seen, todo }): Warning => ({ rule: 25, seen, todo }));
  return { note, warnings, started, mounted, now };
}
