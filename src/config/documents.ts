import { posix } from "node:path";

import { entryAt, type Located, type LocatedEntry, type LocatedMap, type Place, plain } from "./located.ts";
import type { Finding } from "./problem.ts";
import { fileSchema } from "./schema.ts";
import { validate } from "./validate.ts";
import { parseYaml } from "./yaml-tree.ts";

/** Text of a file; rejects with an errno in `code` where it cannot be read. */
export type ReadText = (path: string) => Promise<string>;

/** All files of one configuration, checked one by one and put together. */
export interface Documents {
  /** `hosts`, `storages` and `databases` of all files; everything else of the first. */
  readonly tree: LocatedMap;
  readonly findings: readonly Finding[];
  /** Text of each file, in the order of reading. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Follows `include` depth first. Nothing is thrown: a file that cannot be read is a finding at its include. */
export async function readDocuments(path: string, readText: ReadText): Promise<Documents> {
  const reading: Reading = { readText, sources: new Map(), findings: [], trees: [], included: new Map() };
  const start: Place = { file: path, line: 1, column: 1, width: 1 };
  await readDocument(reading, path, start, []);
  const tree = combined(reading, start);
  return { tree, findings: reading.findings, sources: reading.sources };
}

interface Reading {
  readonly readText: ReadText;
  readonly sources: Map<string, string>;
  readonly findings: Finding[];
  readonly trees: LocatedMap[];
  /** Where each file was included first. */
  readonly included: Map<string, Place>;
}

async function readDocument(
  reading: Reading,
  file: string,
  from: Place,
  above: readonly string[],
): Promise<void> {
  reading.included.set(file, from);
  const text = await textOf(reading, file, from);
  if (text === undefined) return;
  reading.sources.set(file, text);
  const { tree, findings } = parseYaml(file, text);
  reading.findings.push(...findings);
  if (tree === undefined) return;
  if (tree.kind !== "map") {
    const empty = tree.kind === "scalar" && tree.value === null;
    reading.findings.push({
      at: tree.at,
      text: empty ? "the file is empty" : "the file must be a map of settings",
    });
    return;
  }
  reading.findings.push(...validate(fileSchema, { tree, prefix: [] }, plain(tree)).findings);
  reading.trees.push(tree);
  await followIncludes(reading, tree, file, [...above, file]);
}

async function followIncludes(
  reading: Reading,
  tree: LocatedMap,
  file: string,
  chain: readonly string[],
): Promise<void> {
  const list = entryAt(tree, ["include"])?.value;
  for (const item of list?.kind === "list" ? list.items : []) {
    if (item.kind !== "scalar" || typeof item.value !== "string") continue;
    const target = posix.join(posix.isAbsolute(item.value) ? "" : posix.dirname(file), item.value);
    const first = reading.included.get(target);
    if (chain.includes(target)) {
      reading.findings.push({
        at: item.at,
        text: `include goes round in a circle: ${[...chain.slice(chain.indexOf(target)), target].join(" → ")}`,
      });
    } else if (first !== undefined) {
      reading.findings.push({ at: item.at, text: `${target} is already included at ${placeText(first)}` });
    } else {
      await readDocument(reading, target, item.at, chain);
    }
  }
}

async function textOf(reading: Reading, file: string, from: Place): Promise<string | undefined> {
  try {
    return await reading.readText(file);
  } catch (error) {
    const reason = (error as { code?: unknown }).code;
    const why = reason === "ENOENT" ? "there is no such file" : `it cannot be read (${String(reason)})`;
    reading.findings.push({ at: from, text: from.file === file ? why : `${file}: ${why}` });
    return undefined;
  }
}

/** Sections that any file may add to, and those that belong to the whole. */
const MANY_FILES: ReadonlySet<string> = new Set(["hosts", "storages", "databases"]);
const FIRST_FILE: ReadonlySet<string> = new Set(["defaults", "state", "oracle-client"]);

function combined(reading: Reading, at: Place): LocatedMap {
  const entries = new Map<string, LocatedEntry>();
  for (const [index, tree] of reading.trees.entries()) {
    for (const [key, entry] of tree.entries) {
      if (MANY_FILES.has(key)) entries.set(key, union(reading, entries.get(key), entry, key));
      else if (index === 0) entries.set(key, entry);
      else if (FIRST_FILE.has(key)) {
        reading.findings.push({ at: entry.key, text: `${key} may stand in the first file only` });
      }
    }
  }
  return { kind: "map", at: reading.trees[0]?.at ?? at, entries };
}

function union(
  reading: Reading,
  before: LocatedEntry | undefined,
  entry: LocatedEntry,
  section: string,
): LocatedEntry {
  if (before?.value.kind !== "map" || entry.value.kind !== "map") return before ?? entry;
  const all = new Map(before.value.entries);
  for (const [name, one] of entry.value.entries) {
    const other = all.get(name);
    if (other === undefined) all.set(name, one);
    else
      reading.findings.push({
        at: one.key,
        text: `${section}.${name} is already set at ${placeText(other.key)}`,
      });
  }
  return { key: before.key, value: { ...before.value, entries: all } };
}

export function placeText(at: Place): string {
  return `${at.file}:${at.line}:${at.column}`;
}

export function mapAt(tree: Located, section: string): ReadonlyMap<string, LocatedEntry> {
  const value = entryAt(tree, [section])?.value;
  return value?.kind === "map" ? value.entries : new Map();
}
