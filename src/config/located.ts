/** A stretch of one line of a configuration file. Lines and columns count from 1; `width` is in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly width: number;
}

/** A configuration value that knows where each part of it was written. Survives inheritance: so does the origin. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly kind: "map";
  readonly at: Place;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

export interface LocatedEntry {
  readonly key: Place;
  readonly value: Located;
}

interface LocatedList {
  readonly kind: "list";
  readonly at: Place;
  readonly items: readonly Located[];
}

interface LocatedScalar {
  readonly kind: "scalar";
  readonly at: Place;
  readonly value: unknown;
}

export type ConfigPath = readonly (string | number)[];

export function plain(node: Located): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

export function entryAt(node: Located | undefined, path: ConfigPath): LocatedEntry | undefined {
  let entry: LocatedEntry | undefined = node === undefined ? undefined : { key: node.at, value: node };
  for (const step of path) {
    if (entry === undefined) return undefined;
    entry = child(entry.value, step);
  }
  return entry;
}

/** Where the value at the path is written; where it is not, the key of the nearest part above it. */
export function placeOf(node: Located, path: ConfigPath): Place {
  const exact = entryAt(node, path);
  if (exact !== undefined) return exact.value.kind === "scalar" ? exact.value.at : exact.key;
  for (let length = path.length - 1; length >= 0; length -= 1) {
    const above = entryAt(node, path.slice(0, length));
    if (above !== undefined) return above.key;
  }
  return node.at;
}

/** Values that are one choice: written again, they replace the inherited one instead of being mixed with it. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(["password"]);

/** `over` wins. Maps are merged key by key, everything else is replaced. */
export function overlay(base: Located, over: Located): Located {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [key, entry] of over.entries) {
    const inherited = entries.get(key);
    const mixed = inherited !== undefined && !REPLACED_WHOLE.has(key);
    entries.set(key, mixed ? { key: entry.key, value: overlay(inherited.value, entry.value) } : entry);
  }
  return { kind: "map", at: over.at, entries };
}

export function without(node: Located, keys: readonly string[]): Located {
  if (node.kind !== "map") return node;
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.includes(key))) };
}

function child(node: Located, step: string | number): LocatedEntry | undefined {
  if (node.kind === "map") return node.entries.get(String(step));
  if (node.kind === "scalar") return undefined;
  const item = node.items[Number(step)];
  return item === undefined ? undefined : { key: item.at, value: item };
}
