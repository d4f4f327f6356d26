import { formatDuration } from "../domain/human.ts";
import { isUmbraError, UmbraError } from "../errors/umbra-error.ts";
import type { InstanceControl, InstanceState, InstanceStatus } from "../ports/instance.ts";
import type { World } from "./world.ts";

/** A look costs the start of a program on the host. */
const LOOK_PAUSE_MS = 250;
/** After a lost answer the instance is watched for at least so long, or half of what a STARTUP may take. */
const LEAST_WATCH_MS = 10_000;

export interface ShutdownHow {
  readonly mode: "immediate" | "transactional" | "normal";
  readonly abortWhenStuck: boolean;
}

/**
 * Stops the instances and does not return before the tool or `status` says that none runs. A lost answer is asked for until it tells,
 * and SHUTDOWN is sent again to an instance that does not stop (a change may be asked for twice). With the written policy
 * what is stuck is aborted and repaired (rule 17). Errors: UMB-5402 where it did not stop; those of the control where it
 * was refused and nothing changed. No signal stops it: the instance would go on by itself.
 */
export async function shutDownInstance(
  world: World,
  control: InstanceControl,
  how: ShutdownHow,
): Promise<{ readonly note?: string; readonly now?: InstanceStatus }> {
  const { clock, database } = world;
  const { shutdownMs, startupMs } = database.deadlines;
  const begunMs = clock.monotonicMs();
  const least = Math.min(LEAST_WATCH_MS, startupMs / 2);
  const left = () => Math.max(least, shutdownMs - (clock.monotonicMs() - begunMs));
  try {
    const { now } = await control.shutdown({ mode: how.mode }, { deadlineMs: shutdownMs });
    if (now?.state === "down") return { now };
  } catch (error) {
    if (!isLost(error)) throw error;
  }
  let state = await untilDown(world, control, left());
  if (state !== "down" && state !== "stopping") {
    // It is up and nobody stops it: the first one never arrived.
    await control.shutdown({ mode: how.mode }, { deadlineMs: left() }).catch(unlessLost);
    state = await untilDown(world, control, left());
  }
  if (state === "down") return {};
  const waitedMs = clock.monotonicMs() - begunMs;
  if (!how.abortWhenStuck) throw stuck(how.mode, waitedMs, state);
  await abort(control, shutdownMs + startupMs);
  state = await untilDown(world, control, startupMs);
  if (state !== "down") throw stuck("abort", clock.monotonicMs() - begunMs, state);
  return {
    note: `SHUTDOWN was stuck for ${formatDuration(waitedMs)}: aborted, started restricted and shut down cleanly (rule 17)`,
  };
}

function stuck(mode: string, waitedMs: number, state: InstanceState | "unknown"): UmbraError {
  return new UmbraError("UMB-5402", { mode, waited: formatDuration(waitedMs), state });
}

/** Abort and its repair belong together: where an answer is lost both are asked for again. */
async function abort(control: InstanceControl, deadlineMs: number): Promise<void> {
  const request = { mode: "abort", afterwards: "start-restricted-and-shut-down" } as const;
  try {
    await control.shutdown(request, { deadlineMs });
  } catch (error) {
    unlessLost(error);
    await control.shutdown(request, { deadlineMs });
  }
}

/** The last state that was seen. Looks that fail are made again until the time is over. */
async function untilDown(
  { clock, database }: World,
  control: InstanceControl,
  forMs: number,
): Promise<InstanceState | "unknown"> {
  const until = clock.monotonicMs() + forMs;
  let seen: InstanceState | "unknown" = "unknown";
  let steady = 0;
  for (;;) {
    const state = await control.status({ deadlineMs: database.deadlines.connectMs }).then(
      (status) => status.state,
      () => "unknown" as const,
    );
    steady = state === seen && state !== "unknown" && state !== "stopping" ? steady + 1 : 0;
    seen = state;
    // A SHUTDOWN that arrived shows within a few looks.
    if (state === "down" || steady >= MOST_STEADY_LOOKS || clock.monotonicMs() >= until) return state;
    await clock.sleep(LOOK_PAUSE_MS);
  }
}

const MOST_STEADY_LOOKS = 8;

function isLost(error: unknown): boolean {
  if (!isUmbraError(error)) return false;
  return "lost" in error.context && error.context.lost;
}

function unlessLost(error: unknown): void {
  if (!isLost(error)) throw error;
}
