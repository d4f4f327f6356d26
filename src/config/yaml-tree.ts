import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";

import type { Located, LocatedEntry, Place } from "./located.ts";
import type { Finding } from "./problem.ts";
import { yamlErrorText } from "./yaml-error-text.ts";

/** Aliases may repeat a part; a file that grows beyond this is an attack or a mistake, not a configuration. */
const MAX_NODES = 50_000;

/**
 * Reads one YAML 1.2 file into values with places: aliases and `<<` are resolved, and keep the place where the value
 * stands. All syntax errors are returned at once; none of their texts holds a value of the file.
 */
export function parseYaml(
  file: string,
  text: string,
): { tree: Located | undefined; findings: readonly Finding[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    merge: true,
    uniqueKeys: true,
    strict: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const reader: Reader = { file, lines, text, document, nodes: 0, open: new Set() };
  const findings = [...document.errors, ...document.warnings].map((error) => ({
    at: place(reader, error.pos[0], error.pos[1]),
    text: yamlErrorText(error.code),
  }));
  if (document.errors.length > 0) return { tree: undefined, findings };
  try {
    return { tree: located(reader, document.contents), findings };
  } catch (error) {
    if (!(error instanceof TreeError)) throw error;
    return { tree: undefined, findings: [...findings, { at: error.at, text: error.message }] };
  }
}

interface Reader {
  readonly file: string;
  readonly lines: LineCounter;
  readonly text: string;
  readonly document: Document;
  readonly open: Set<Node>;
  nodes: number;
}

class TreeError extends Error {
  readonly at: Place;
  constructor(at: Place, message: string) {
    super(message);
    this.at = at;
  }
}

function located(reader: Reader, node: Node | null): Located {
  const at = place(reader, node?.range?.[0] ?? 0, node?.range?.[1] ?? 0);
  reader.nodes += 1;
  if (reader.nodes > MAX_NODES)
    throw new TreeError(at, `the file grows to more than ${MAX_NODES} values through its aliases`);
  if (node === null) return { kind: "scalar", at, value: null };
  if (isAlias(node)) return throughAlias(reader, node.resolve(reader.document), node, at);
  if (isMap(node)) return { kind: "map", at, entries: mapEntries(reader, node) };
  if (isSeq(node))
    return { kind: "list", at, items: node.items.map((item) => located(reader, item as Node)) };
  return { kind: "scalar", at, value: isScalar(node) ? node.value : undefined };
}

function throughAlias(reader: Reader, target: Node | undefined, alias: Node, at: Place): Located {
  if (target === undefined || reader.open.has(target))
    throw new TreeError(at, "this alias refers to itself or to nothing");
  reader.open.add(target);
  const value = located(reader, target);
  reader.open.delete(target);
  return alias === target ? { ...value, at } : value;
}

function mapEntries(reader: Reader, map: YAMLMap): Map<string, LocatedEntry> {
  const merged = new Map<string, LocatedEntry>();
  const own = new Map<string, LocatedEntry>();
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const key = place(reader, pair.key.range?.[0] ?? 0, pair.key.range?.[1] ?? 0);
    if (!isScalar(pair.key)) throw new TreeError(key, "a key must be a plain text");
    const value = pair.value === null ? emptyValue(key) : located(reader, pair.value);
    if (isMergeKey(pair.key.value)) mergeInto(merged, value, key);
    else own.set(String(pair.key.value), { key, value });
  }
  return new Map([...merged, ...own]);
}

/** The parser gives an unquoted `<<` as a symbol. */
function isMergeKey(key: unknown): boolean {
  return key === "<<" || (typeof key === "symbol" && key.description === "<<");
}

function mergeInto(target: Map<string, LocatedEntry>, value: Located, key: Place): void {
  const sources = value.kind === "list" ? value.items : [value];
  for (const source of sources) {
    if (source.kind !== "map") throw new TreeError(key, "<< takes a map or a list of maps");
    for (const [name, entry] of source.entries) if (!target.has(name)) target.set(name, entry);
  }
}

function emptyValue(key: Place): Located {
  return { kind: "scalar", at: key, value: null };
}

function place(reader: Reader, start: number, end: number): Place {
  const { line, col } = reader.lines.linePos(start);
  const lineEnd = reader.text.indexOf("\n", start);
  const stop = Math.min(Math.max(end, start + 1), lineEnd === -1 ? reader.text.length : lineEnd);
  return {
    file: reader.file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    width: Math.max(1, stop - start),
  };
}
