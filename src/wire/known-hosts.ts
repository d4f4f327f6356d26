import { homedir } from "node:os";
import { join } from "node:path";

import type { Fleet } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";

/** The files with the keys of ssh servers: umbra's own, which `hosts trust` writes, and the user's. */
export function knownHostsFiles({ stateDirectory }: Pick<Fleet, "stateDirectory">): {
  readonly own: FilePath;
  readonly others: readonly FilePath[];
} {
  return {
    own: join(stateDirectory, "known_hosts") as FilePath,
    others: [join(homedir(), ".ssh", "known_hosts") as FilePath],
  };
}
