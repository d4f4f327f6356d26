import type { ContainerName } from "../domain/names.ts";
import type { SavedContainer, SavedState } from "../domain/saved-state.ts";
import { quotedIdentifier, quotedText } from "./sql-text.ts";

/** In a pluggable database they mean that one only. */
export const enableRestrictedSql = "alter system enable restricted session";
export const disableRestrictedSql = "alter system disable restricted session";

/** `force` changes the mode of one that is open. */
export function openContainerSql({ name, openMode, restricted }: SavedContainer, how?: "force"): string {
  const words = [openMode === "MIGRATE" ? "upgrade" : openMode.toLowerCase()];
  if (restricted) words.push("restricted");
  if (how !== undefined) words.push(how);
  return `alter pluggable database ${quotedIdentifier(name)} open ${words.join(" ")}`;
}

export function closeContainerSql(name: ContainerName): string {
  return `alter pluggable database ${quotedIdentifier(name)} close immediate`;
}

/** Sent in the container of the service. */
export function startServiceSql(name: string): string {
  return `begin dbms_service.start_service(${quotedText(name)}); end;`;
}

/** From 12.1 on redo is applied as it arrives unless told otherwise. */
export function startApplySql({ realTime }: NonNullable<SavedState["apply"]>): string {
  const how = realTime ? "" : " using archived logfile";
  return `alter database recover managed standby database${how} disconnect from session`;
}

/** Where the tool that started the instance cannot go on from a lower state. */
export const mountSql = "alter database mount";

export function openSql(readOnly: boolean): string {
  return readOnly ? "alter database open read only" : "alter database open";
}
