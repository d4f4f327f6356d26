import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts, Facts } from "../domain/facts.ts";
import type { DatabaseConfig } from "../domain/fleet.ts";
import { areaLayout } from "./area-layout.ts";
import type { Parent } from "./area-parent.ts";
import { below } from "./backup-layout.ts";
import { type Treatment, treatmentOf } from "./file-treatment.ts";
import { rmanParent } from "./rman-copies.ts";

/** How a file gets into the live area. Only RMAN reads files in ASM (rule 14). */
export function areaTreatment(file: DatafileFacts, facts: Facts, { refresh }: DatabaseConfig): Treatment {
  const isInAsm = file.path.startsWith("+");
  if (refresh.engine === "rman" && isInAsm && file.header?.error === undefined)
    return { how: "in-backup-mode", file };
  return treatmentOf(file, facts, "per-tablespace");
}

/**
 * Why RMAN would not build on a copy that lies in the area as it should (rule 79); undefined where it will, or where it
 * is not asked.
 */
export function rmanLacks(
  parent: Parent,
  file: DatafileFacts,
  {
    facts,
    look,
    config,
  }: { readonly facts: Facts; readonly look: AreaLook; readonly config: DatabaseConfig },
): string | undefined {
  if (parent.found !== "good" || config.refresh.engine !== "rman" || look.rman === undefined)
    return undefined;
  const path = below(areaLayout(config.backupArea).directory, parent.entry.name);
  const known = rmanParent(file, look.rman, facts.identity.resetlogsScn, path);
  if (known.found === "good") return undefined;
  return known.found === "none" ? `RMAN knows no copy of it under tag ${rmanTag(config)}` : known.why;
}

/** Longest tag that RMAN takes. */
const TAG_CHARACTERS = 30;

/** Upper case, as the views have it (rule 81). */
export function rmanTag({ refresh, name }: Pick<DatabaseConfig, "refresh" | "name">): string {
  return (refresh.tag ?? `UMBRA_${name.replaceAll(/[^A-Za-z0-9_]/gu, "_")}`)
    .toUpperCase()
    .slice(0, TAG_CHARACTERS);
}
