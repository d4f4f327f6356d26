import type { SqlValue } from "../../engine/values.ts";
import type { InstanceProfile } from "../../instance/api.ts";
import type { EngineCore } from "../core.ts";
import type { SessionState } from "../session-state.ts";
import type { ScopeColumn } from "../translate/context.ts";
import { parsedType } from "../translate/types.ts";

/** A view of the dictionary, filled from the state of the instance each time it is asked. */
export interface View {
  readonly name: string;
  readonly columns: readonly ViewColumn[];
  /** State from which on it can be read. Dictionary views need OPEN of the session's container. */
  readonly needs: "NOMOUNT" | "MOUNT" | "OPEN";
  /** Granted to PUBLIC: everybody sees it. */
  readonly public: boolean;
  /** Rows by column name; a column left out is NULL. Dates are turned into the host's wall clock. */
  readonly rows: (world: ViewWorld) => Iterable<ViewRow>;
}

export type ViewRow = Readonly<Record<string, SqlValue | Date | undefined>>;

export interface ViewWorld {
  readonly core: EngineCore;
  readonly session: SessionState;
}

export interface ViewColumn extends ScopeColumn {
  readonly since: Release;
}

export type Release = InstanceProfile["name"];
const RELEASES: readonly Release[] = ["12.2", "19c", "23ai"];

/** True where a release has what came with another. */
export function hasRelease(profile: Release, since: Release): boolean {
  return RELEASES.indexOf(profile) >= RELEASES.indexOf(since);
}

/**
 * Columns as text: `NAME type`, separated by commas or new lines, with `since 19c` where the oldest profile has it not.
 * n is NUMBER, d DATE, v30 VARCHAR2(30), any other type is spelled out.
 */
export function columns(text: string): ViewColumn[] {
  return text
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", type = "", ...rest] = line.split(/\s+/);
      const since = rest[0] === "since" ? (rest[1] as Release) : "12.2";
      return { name: name.toUpperCase(), type: parsedType(spelled(type), true), since };
    });
}

function spelled(type: string): string {
  if (type === "n") return "NUMBER";
  if (type === "d") return "DATE";
  if (type === "tz") return "TIMESTAMP(3) WITH TIME ZONE";
  return /^v\d+$/.test(type) ? `VARCHAR2(${type.slice(1)})` : type;
}

/** A fixed view: V$…, readable before the database is open. */
export function fixedView(name: string, needs: "NOMOUNT" | "MOUNT", text: string, rows: View["rows"]): View {
  return { name, needs, columns: columns(text), rows, public: false };
}

/** A view on tables of the dictionary. */
export function dictionaryView(
  name: string,
  text: string,
  rows: View["rows"],
  options: { public?: boolean } = {},
): View {
  return { name, needs: "OPEN", columns: columns(text), rows, public: options.public ?? false };
}

/** Visible to everybody, in every state. */
export function publicView(name: string, text: string, rows: View["rows"]): View {
  return { name, needs: "NOMOUNT", columns: columns(text), rows, public: true };
}

export const yesNo = (value: boolean): "YES" | "NO" => (value ? "YES" : "NO");

/** Containers whose dictionary a DBA_ view shows: the session's own. */
export function ownContainer(world: ViewWorld): number {
  return world.session.conId;
}
