import type { DatabaseSync } from "node:sqlite";

import { onState } from "./state-error.ts";

/** The name in the tags of what this installation of umbra makes on storages. */
export interface AgentName {
  /** The one under which it made its first; noted now where there is none, so that a renamed host goes on with it. */
  first(name: string): string;
}

export function createAgentName(db: DatabaseSync, path: string): AgentName {
  const noted = () => db.prepare("select name from agent").get()?.["name"];
  return {
    first: (name) =>
      onState(path, () => {
        if (noted() === undefined) {
          db.prepare("insert into agent (id, name) values (1, ?) on conflict do nothing").run(name);
        }
        return String(noted());
      }),
  };
}
