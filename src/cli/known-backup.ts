import { didYouMean } from "../config/suggest.ts";
import type { CatalogEntry } from "../domain/journal.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { State } from "../state/state.ts";

/** A row of the catalog; UMB-2004 with the nearest name where there is none that `fits`. */
export async function knownBackup(
  state: State,
  id: string,
  what: "backup" | "snapshot",
): Promise<CatalogEntry> {
  const fits = (one: CatalogEntry) => what === "backup" || one.snapshot !== undefined;
  const entry = await state.catalog.get(id);
  if (entry !== undefined && fits(entry)) return entry;
  const known = (await state.catalog.list()).filter(fits).map((one) => one.id);
  throw new UmbraError("UMB-2004", { id, what, suggestion: didYouMean(id, known) });
}
