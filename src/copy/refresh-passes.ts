import type { ListDoubt, ListedChanges, RefreshRequest } from "../ports/copier.ts";
import { damageIn } from "./block-rules.ts";
import { addWritten, type InPlace } from "./in-place.ts";
import type { Layout } from "./layout.ts";
import { ListTestimony } from "./list-testimony.ts";
import { listedPieces } from "./listed-pieces.ts";
import type { Opened } from "./opened.ts";
import type { Patience } from "./patience.ts";
import { transferList } from "./transfer-list.ts";
import type { RunTransfer, Transfer, Transferred } from "./transfer.ts";

export interface PassTools {
  readonly run: RunTransfer;
  /** Longest piece that is read at once for a list. */
  readonly chunkBytes: number;
}

/** One pass over source and copy. */
export interface Pass {
  readonly source: Opened;
  readonly target: Opened;
  readonly layout: Layout;
  readonly patience: Patience;
  readonly inPlace: InPlace;
}

export interface Brought extends Omit<Transferred, "sha256" | "damaged"> {
  readonly sha256?: string;
  /** After a list all was compared. */
  readonly compared: boolean;
  readonly doubt?: ListDoubt;
}

/**
 * Brings a copy forward: in one pass over all of it, or by the list; a list that is not believed, or that is to be proved,
 * is followed by a pass that compares all. `pastTheCache` opens both files for a pass over all.
 */
export async function bringForward(
  tools: PassTools,
  request: RefreshRequest,
  pass: Pass,
  pastTheCache: () => Promise<Pass>,
): Promise<Brought> {
  const { changes } = request;
  if (changes.by !== "list") {
    return { ...(await tools.run(transferOf(request, await pastTheCache()))), compared: false };
  }
  const listed = await byList(tools, request, changes, pass);
  if (listed.doubt === undefined && changes.prove !== true) return listed;
  const whole = await pastTheCache();
  // The copy has its length now; what the list brought is as it will be.
  const inPlace = { ...pass.inPlace, oldBytes: pass.layout.bytes };
  const { sha256, blocks, written } = await tools.run(transferOf(request, { ...whole, inPlace }));
  const unlisted = written.blocks === 0 ? undefined : { why: "unlisted" as const, count: written.blocks };
  const doubt = listed.doubt ?? unlisted;
  const sum = { ...listed.written };
  addWritten(sum, written);
  return { sha256, blocks, written: sum, compared: true, ...(doubt === undefined ? {} : { doubt }) };
}

async function byList(
  { chunkBytes }: PassTools,
  request: RefreshRequest,
  { extents, newerThan }: ListedChanges,
  pass: Pass,
): Promise<Brought> {
  const { layout, inPlace } = pass;
  const { rules, bytes } = layout;
  const { blockSize } = rules;
  const { oldBytes } = inPlace;
  // Block 0 and the file header change with every checkpoint, whatever the storage says; so does what was added.
  const always = [
    { offset: 0, bytes: 2 * blockSize },
    { offset: oldBytes, bytes: bytes - oldBytes },
  ];
  const longest = Math.max(blockSize, Math.floor(chunkBytes / blockSize) * blockSize);
  const pieces = listedPieces([...always, ...extents], { bytes, blockSize, longest });
  const testimony =
    newerThan === undefined || rules.kind !== "datafile"
      ? undefined
      : new ListTestimony({ blockSize, byteOrder: rules.expected.byteOrder, newerThan, oldBytes }, pieces);
  const done = await transferList(transferOf(request, pass), pieces, testimony);
  const doubt = testimony?.doubt();
  return { ...done, compared: false, ...(doubt === undefined ? {} : { doubt }) };
}

function transferOf(
  { mode, onProgress }: RefreshRequest,
  pass: Pass,
): Transfer & Pick<Pass, "target" | "inPlace"> {
  return { ...pass, damaging: damageIn(mode), onProgress };
}
