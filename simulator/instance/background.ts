import { fullCheckpoint } from "./checkpoint.ts";
import type { SimulatedDatabase } from "./database.ts";

/** Blocks that one round of the writer takes on. */
const ROUND = 64;

/** Something the instance does on its own until it is stopped; it sleeps until it is woken. */
export interface BackgroundProcess {
  wake(): void;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
}

/**
 * Runs `round` whenever it was woken, and again while it says that there is more to do. Between two rounds others get
 * their turn. An error of a round is reported and ends nothing.
 */
export function runInBackground(
  database: SimulatedDatabase,
  name: string,
  round: () => Promise<"idle" | "more">,
): BackgroundProcess {
  const state = { stopped: false };
  let woken = true;
  let rouse = (): void => {};
  const loop = async (): Promise<void> => {
    while (!state.stopped && !database.dead) {
      if (!woken) await new Promise<void>((resolve) => (rouse = resolve));
      woken = false;
      if (state.stopped || database.dead) return;
      try {
        if ((await round()) === "more") woken = true;
      } catch (error) {
        if (!database.dead) database.alert.note(`Errors in background process ${name}:`, String(error));
        woken = true;
      }
      if (woken) await database.hooks.idle();
    }
  };
  const ended = loop();
  return {
    wake: () => {
      woken = true;
      rouse();
    },
    stop: async () => {
      state.stopped = true;
      rouse();
      await ended;
    },
  };
}

/** DBWR and CKPT: checkpoints when one was asked for, otherwise writes dirty blocks a few at a time. */
export function startWriter(database: SimulatedDatabase): BackgroundProcess {
  let checkpointDue = false;
  const process = runInBackground(database, "DBW0", async () => {
    if (checkpointDue) {
      checkpointDue = false;
      await fullCheckpoint(database);
    }
    for (const entry of database.cache.dirty().slice(0, ROUND)) await database.cache.write(entry);
    return checkpointDue || database.cache.dirtyCount > 0 ? "more" : "idle";
  });
  database.wake.checkpoint = () => {
    checkpointDue = true;
    process.wake();
  };
  database.wake.writer = () => process.wake();
  return process;
}
