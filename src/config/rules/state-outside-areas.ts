import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";

/** The journal must survive the loss of the backup storage, and must not hang with it (architecture, decision 4). */
export function stateOutsideAreas(draft: Draft): readonly Finding[] {
  return [...draft.storages.configs.values()]
    .filter((storage) => `${draft.stateDirectory ?? ""}/`.startsWith(`${storage.path}/`))
    .map((storage) => ({
      at: draft.statePlace,
      text: `state must lie on a local file system, not inside storages.${storage.name} (${storage.path})`,
    }));
}
