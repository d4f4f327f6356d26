import type { State } from "../../src/state/state.ts";

/** Called around each durable write of the agent's state, with its number from 1 and what it notes: `intent shut-down`. */
export interface AroundWrites {
  readonly before: (write: number, what: string) => Promise<void> | void;
  readonly after: (write: number, what: string) => Promise<void> | void;
}

/** The same state, with a hook before and after everything it writes durably. Every effect lies between two writes. */
export function observedState(state: State, around: AroundWrites): State {
  let writes = 0;
  const observed =
    <A extends unknown[], R>(
      write: (...args: A) => Promise<R>,
      what: (args: A) => string = () => write.name.replace("bound ", ""),
    ) =>
    async (...args: A): Promise<R> => {
      writes += 1;
      const number = writes;
      await around.before(number, what(args));
      const result = await write(...args);
      await around.after(number, what(args));
      return result;
    };
  const { journal, obligations, snapshotObligations, startups, catalog } = state;
  return {
    path: state.path,
    agentName: state.agentName,
    heartbeats: state.heartbeats,
    logDestinations: state.logDestinations,
    logFiles: state.logFiles,
    logMarks: state.logMarks,
    holds: state.holds,
    leases: state.leases,
    proofs: state.proofs,
    tombstones: state.tombstones,
    locks: state.locks,
    journal: {
      ...journal,
      openRun: observed(journal.openRun.bind(journal)),
      closeRun: observed(journal.closeRun.bind(journal)),
      intent: observed(journal.intent.bind(journal), ([{ step }]) => `intent ${step}`),
      outcome: observed(journal.outcome.bind(journal), ([, step]) => `outcome ${step}`),
    },
    obligations: {
      ...obligations,
      open: observed(obligations.open.bind(obligations)),
      begun: observed(obligations.begun.bind(obligations)),
      discharge: observed(obligations.discharge.bind(obligations)),
    },
    snapshotObligations: {
      ...snapshotObligations,
      open: observed(snapshotObligations.open.bind(snapshotObligations), ([{ kind }]) => `owe ${kind}`),
      discharge: observed(
        snapshotObligations.discharge.bind(snapshotObligations),
        ([id]) => `discharge ${id}`,
      ),
    },
    startups: {
      ...startups,
      open: observed(startups.open.bind(startups), () => "owe startup"),
      discharge: observed(startups.discharge.bind(startups), () => "discharge startup"),
    },
    catalog: {
      ...catalog,
      add: observed(catalog.add.bind(catalog)),
      renew: observed(catalog.renew.bind(catalog)),
    },
    [Symbol.dispose]: () => state[Symbol.dispose](),
  };
}
