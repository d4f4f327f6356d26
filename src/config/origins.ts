import type { DatabaseName } from "../domain/names.ts";
import { placeText } from "./documents.ts";
import type { Draft, DraftDatabase } from "./draft.ts";
import { BUILT_IN } from "./inherit.ts";
import { entryAt, type Located, plain } from "./located.ts";
import { pathText } from "./validate.ts";

/** One effective setting and where it comes from: `file:line:column`, `built in` or `computed`. */
export interface Origin {
  readonly setting: string;
  /** As it is written in the file; a secret is its reference. */
  readonly value: string;
  readonly from: string;
}

export type Origins = ReadonlyMap<DatabaseName, readonly Origin[]>;

export function originsOf(draft: Draft): Origins {
  return new Map(draft.databases.map((database) => [database.name, originsOfOne(database)]));
}

function originsOfOne(database: DraftDatabase): readonly Origin[] {
  const written = leaves(database.tree, []);
  if (entryAt(database.tree, ["backup-area"]) !== undefined) return written;
  const area = { setting: "backup-area", value: database.backupArea ?? "", from: "computed" };
  return [...written, area];
}

function leaves(node: Located, path: readonly string[]): readonly Origin[] {
  if (node.kind === "map")
    return [...node.entries].flatMap(([key, entry]) => leaves(entry.value, [...path, key]));
  const from = node.at.file === BUILT_IN ? BUILT_IN : placeText(node.at);
  const value = plain(node);
  return [
    { setting: pathText(path), value: typeof value === "string" ? value : JSON.stringify(value), from },
  ];
}
