import type { Bind } from "../engine/engine.ts";
import type { SqlValue } from "../engine/values.ts";
import { fail } from "./errors.ts";
import type { Token } from "./syntax/tokens.ts";
import { CLOB, DATE, NUMBER, text, TIMESTAMP, TIMESTAMP_TZ, type ResultType } from "./translate/types.ts";

/** Where values of binds come from, by occurrence in the statement. */
export interface BindValues {
  value(occurrence: number): SqlValue;
}

/** Values for the binds of a statement, by occurrence. The driver sends one value for each place, or one for each name. */
export class BindSet implements BindValues {
  readonly names: readonly string[];
  readonly #values: readonly (Bind | undefined)[];

  constructor(tokens: readonly Token[], binds: readonly Bind[]) {
    const places = tokens.filter((token) => token.kind === "bind").map((token) => token.value);
    this.names = [...new Set(places)];
    this.#values = places.map((place, occurrence) =>
      pick(place, occurrence, places.length, this.names, binds),
    );
    if (places.length === 0 && binds.length > 0) throw fail(1036);
  }

  /** ORA-01008 where the bind has no value. */
  value(occurrence: number): SqlValue {
    const bind = this.#values[occurrence];
    if (bind === undefined) throw fail(1008);
    return bind.value;
  }
}

function pick(
  name: string,
  occurrence: number,
  places: number,
  names: readonly string[],
  binds: readonly Bind[],
): Bind | undefined {
  const byName = binds.find((bind) => bind.name?.toUpperCase() === name.toUpperCase());
  if (byName !== undefined) return byName;
  if (binds.some((bind) => bind.name !== undefined)) return undefined;
  return binds.length === places ? binds[occurrence] : binds[names.indexOf(name)];
}

/** Type of a bind: that of its value. */
export function typeOfValue(value: SqlValue): ResultType {
  if (value === null) return { ...text(32), untyped: true };
  if (typeof value === "string") return text(Math.max(32, value.length));
  if (typeof value === "number" || typeof value === "bigint") return NUMBER;
  if (typeof value === "boolean") return { type: "BOOLEAN", size: 1, nullable: true };
  if (Buffer.isBuffer(value)) return { type: "RAW", size: Math.max(1, value.length), nullable: true };
  if (value.kind === "cursor") return { type: "CURSOR", size: 4, nullable: true };
  if (value.kind !== "date")
    return value.kind === "clob" ? CLOB : { type: "BLOB", size: 4000, nullable: true };
  if (value.zoneMinutes !== undefined) return TIMESTAMP_TZ;
  return value.nanos === 0 ? DATE : TIMESTAMP;
}
