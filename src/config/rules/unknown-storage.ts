import type { Draft } from "../draft.ts";
import type { Finding } from "../problem.ts";
import { didYouMean } from "../suggest.ts";

export function unknownStorage(draft: Draft): readonly Finding[] {
  return draft.databases.flatMap(({ name, storage, place }) => {
    if (storage === undefined || draft.storages.names.includes(storage)) return [];
    const suggestion = didYouMean(storage, draft.storages.names);
    return [
      { at: place(["storage"]), text: `databases.${name}.storage names no storage: ${storage}${suggestion}` },
    ];
  });
}
