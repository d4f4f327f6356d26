import type { StoredRow, Transaction } from "./api.ts";
import type { Container } from "./container.ts";
import type { SimulatedDatabase } from "./database.ts";
import { rowKey } from "./locks.ts";
import { decodeRow } from "./row-codec.ts";

/** Rows of a table as committed at `scn`; a transaction sees its own changes on top. */
export function* readRows(
  database: SimulatedDatabase,
  container: Container,
  objectId: number,
  options: { scn?: bigint; transaction?: Transaction },
): Iterable<StoredRow> {
  const segment = container.segment(objectId);
  const scn = options.scn ?? database.scn;
  if (options.scn !== undefined) database.versions.require(scn);
  const object = `${container.conId}.${objectId}`;
  const seen = new Set<string>();
  const asSeen = (key: string, current: Buffer | undefined): Buffer | undefined => {
    const lock = database.locks.holding(key);
    if (lock !== undefined && lock.holder === options.transaction) return current;
    const past = database.versions.at(object, key, scn);
    if (past !== undefined) return past.piece;
    return lock === undefined ? current : lock.before;
  };
  for (const { piece, ...address } of container.pieces(segment)) {
    const key = rowKey(address);
    seen.add(key);
    const visible = asSeen(key, piece);
    if (visible !== undefined) yield { address, values: decodeRow(visible) };
  }
  // Rows whose slots are empty by now.
  const gone = new Set<string>();
  for (const lock of database.locks.all()) {
    if (lock.objectId === objectId && segmentOwns(container, lock.holder)) gone.add(rowKey(lock.address));
  }
  for (const [key] of database.versions.changedSince(object, scn)) gone.add(key);
  for (const key of gone) {
    if (seen.has(key)) continue;
    const visible = asSeen(key, undefined);
    if (visible !== undefined) yield { address: addressOf(key), values: decodeRow(visible) };
  }
}

const segmentOwns = (container: Container, holder: object): boolean =>
  "container" in holder && holder.container === container;

function addressOf(key: string): StoredRow["address"] {
  const [file = 0, block = 0, slot = 0] = key.split(".").map(Number);
  return { file, block, slot };
}
