import type { World } from "../../src/run/world.ts";

export class Died extends Error {
  override readonly name = "Died";
}

/**
 * A world in which umbra dies at the n-th effect of a retention, right before it or right after it: from then on nothing
 * is done any more. `died` tells whether it came so far, `die` is called when it does.
 */
export function dyingWorld(
  world: World,
  {
    at,
    when,
    die = () => {},
  }: { readonly at: number; readonly when: "before" | "after"; readonly die?: () => void },
): { readonly world: World; readonly died: () => boolean } {
  let effects = 0;
  let isDead = false;
  const alive = () => {
    if (isDead) throw new Died("umbra is dead");
  };
  /** The number of the effect: others may begin before this one ends. */
  const begin = () => {
    alive();
    effects += 1;
    if (effects === at && when === "before") {
      isDead = true;
      die();
      alive();
    }
    return effects;
  };
  const end = (effect: number) => {
    if (effect === at && when === "after") {
      isDead = true;
      die();
      alive();
    }
  };
  const slow =
    <A extends unknown[], R>(effect: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const number = begin();
      const result = await effect(...args);
      end(number);
      return result;
    };
  const quick =
    <A extends unknown[], R>(effect: (...args: A) => R) =>
    (...args: A): R => {
      const number = begin();
      const result = effect(...args);
      end(number);
      return result;
    };
  const { backupHost: host, state } = world;
  const backupHost = {
    ...host,
    writeAtomically: slow(host.writeAtomically.bind(host)),
    remove: slow(host.remove.bind(host)),
  };
  const dying: World["state"] = {
    ...state,
    journal: {
      ...state.journal,
      openRun: slow(state.journal.openRun.bind(state.journal)),
      closeRun: slow(state.journal.closeRun.bind(state.journal)),
      intent: slow(state.journal.intent.bind(state.journal)),
      outcome: slow(state.journal.outcome.bind(state.journal)),
    },
    catalog: { ...state.catalog, remove: slow(state.catalog.remove.bind(state.catalog)) },
    holds: { ...state.holds, release: quick(state.holds.release.bind(state.holds)) },
    logMarks: {
      ...state.logMarks,
      put: quick(state.logMarks.put.bind(state.logMarks)),
      takeBack: quick(state.logMarks.takeBack.bind(state.logMarks)),
      claim: quick(state.logMarks.claim.bind(state.logMarks)),
      removed: quick(state.logMarks.removed.bind(state.logMarks)),
    },
    tombstones: {
      ...state.tombstones,
      put: quick(state.tombstones.put.bind(state.tombstones)),
      takeBack: quick(state.tombstones.takeBack.bind(state.tombstones)),
      claim: quick(state.tombstones.claim.bind(state.tombstones)),
      removed: quick(state.tombstones.removed.bind(state.tombstones)),
    },
    [Symbol.dispose]: () => {},
  };
  return { world: { ...world, backupHost, state: dying }, died: () => isDead };
}
