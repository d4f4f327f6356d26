import type { CoverageInput } from "../domain/coverage.ts";

/** What backups need of each other: copies of read-only files that lie in earlier ones (rule 30). */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** What coverage would be computed from if only these were there. */
export function onlyThese(
  input: CoverageInput,
  isThere: (id: string) => boolean,
  needs: Needs = new Map(),
): CoverageInput {
  return {
    ...input,
    sources: input.sources
      .filter(({ id }) => isThere(id))
      .map((source) => {
        const gone = (needs.get(source.id) ?? []).find((id) => !isThere(id));
        return gone === undefined ? source : { ...source, unusable: `its copies in ${gone} are gone` };
      }),
    logs: input.logs.flatMap((log) => {
      const places = log.places.filter(isThere);
      return places.length === 0 ? [] : [{ ...log, places }];
    }),
  };
}
