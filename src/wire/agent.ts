import { hostname } from "node:os";

import { agentWarning } from "../cli/agent-warning.ts";
import type { OutputFormat } from "../cli/result.ts";
import type { Fleet } from "../domain/fleet.ts";
import type { State } from "../state/state.ts";

/** Who takes snapshots here, and what is to be said of it as soon as somebody does. */
export interface Agent {
  readonly name: string;
  readonly tell: () => void;
}

/** What was told, for each configuration that was read. */
const told = new WeakSet<Fleet>();

/**
 * The configured name; else the host's, as it was when this installation began. A configured one that is another than
 * before is told once: what carries the name of before is not ours any more.
 */
export function agentOf(
  fleet: Fleet,
  { agentName }: Pick<State, "agentName">,
  { write, output }: { readonly write: (text: string) => void; readonly output: OutputFormat },
): Agent {
  const first = agentName.first(fleet.agent ?? hostname());
  const name = fleet.agent ?? first;
  const tell = () => {
    if (name === first || told.has(fleet)) return;
    told.add(fleet);
    write(agentWarning(first, name, output));
  };
  return { name, tell };
}

/** Without a state: for what is taken and removed at once. */
export function passingAgent({ agent = hostname() }: Fleet): Agent {
  return { name: agent, tell: () => {} };
}
