import type { State } from "../../src/state/state.ts";

/** Called around each durable write of the agent's state, with its number from 1. */
export interface AroundWrites {
  readonly before: (write: number) => Promise<void> | void;
  readonly after: (write: number) => Promise<void> | void;
}

/** The same state, with a hook before and after everything it writes durably. Every effect lies between two writes. */
export function observedState(state: State, around: AroundWrites): State {
  let writes = 0;
  const observed =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      writes += 1;
      const number = writes;
      await around.before(number);
      const result = await write(...args);
      await around.after(number);
      return result;
    };
  const { journal, obligations, startups, catalog } = state;
  return {
    path: state.path,
    heartbeats: state.heartbeats,
    locks: state.locks,
    journal: {
      ...journal,
      openRun: observed(journal.openRun.bind(journal)),
      closeRun: observed(journal.closeRun.bind(journal)),
      intent: observed(journal.intent.bind(journal)),
      outcome: observed(journal.outcome.bind(journal)),
    },
    obligations: {
      ...obligations,
      open: observed(obligations.open.bind(obligations)),
      begun: observed(obligations.begun.bind(obligations)),
      discharge: observed(obligations.discharge.bind(obligations)),
    },
    startups: {
      ...startups,
      open: observed(startups.open.bind(startups)),
      discharge: observed(startups.discharge.bind(startups)),
    },
    catalog: { ...catalog, add: observed(catalog.add.bind(catalog)) },
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}
