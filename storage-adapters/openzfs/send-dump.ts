import { UmbraError } from "../../src/errors/umbra-error.ts";
import type { Extent } from "../contract.ts";

/*
 * What `zstream dump -v` (OpenZFS 2.x) and `zstreamdump -v` (before, and zfs-fuse) print of a send stream: a line for each
 * record, and with `offset` a second one in the older ones. Source: cmd/zstream/zstream_dump.c of OpenZFS.
 */

/** Records that say nothing of a file's content, and those that say where it changed. */
const KNOWN = new Set([
  "BEGIN",
  "END",
  "FREE",
  "FREEOBJECTS",
  "OBJECT",
  "SPILL",
  "SUMMARY:",
  "WRITE",
  "WRITE_BYREF",
  "WRITE_EMBEDDED",
]);
const CHANGING = new Set(["FREE", "WRITE", "WRITE_BYREF", "WRITE_EMBEDDED"]);

/** Extents by object, in the order of the stream, of the wanted ones. UMB-6308: nothing can be said from it. */
export function readSendDump(
  storage: string,
  dump: string,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly Extent[]> {
  const extents = new Map<string, Extent[]>();
  let ended = false;
  for (const { name, text } of recordsIn(dump)) {
    if (!KNOWN.has(name)) throw notUnderstood(storage, `a record ${name} of the send stream`);
    ended ||= name === "END";
    if (!CHANGING.has(name)) continue;
    const change = changeIn(text);
    if (change === undefined) throw notUnderstood(storage, text);
    if (!wanted.has(change.object)) continue;
    const own = extents.get(change.object) ?? [];
    own.push(change.extent);
    extents.set(change.object, own);
  }
  if (!ended) throw notUnderstood(storage, "a send stream that was cut off");
  return extents;
}

/** A record begins with its name; what follows it on lines of its own is either its second line or indented. */
function* recordsIn(dump: string): Generator<{ readonly name: string; readonly text: string }> {
  let record: { name: string; text: string } | undefined;
  for (const line of dump.split("\n")) {
    const name = /^[A-Z_]+:?(?= |$)/.exec(line)?.[0];
    if (name !== undefined) {
      if (record !== undefined) yield record;
      record = { name, text: line };
    } else if (record !== undefined && line.startsWith("offset =")) record.text += ` ${line}`;
  }
  if (record !== undefined) yield record;
}

const CHANGE = /^[A-Z_]+ object = (\d+) .*?\boffset = (\d+) (?:length|logical_size) = (-1|\d+)\b/;

function changeIn(text: string): { readonly object: string; readonly extent: Extent } | undefined {
  const match = CHANGE.exec(text);
  if (match === null) return undefined;
  const [, object = "", offset = "", length = ""] = match;
  // -1: to the end, whatever that is.
  const bytes = length === "-1" ? Infinity : Number(length);
  return { object, extent: { offset: Number(offset), length: bytes } };
}

function notUnderstood(storage: string, seen: string): UmbraError {
  return new UmbraError("UMB-6308", { storage, program: "zfs send", seen });
}
