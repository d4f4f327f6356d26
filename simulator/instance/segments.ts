import type { RowAddress, Transaction } from "./api.ts";
import { change } from "./changes.ts";
import { blockAt, type Container, EXTENTS_OBJECT, type Segment } from "./container.ts";
import { fits, rowAt, slotCount } from "./data-block.ts";
import type { SimulatedDatabase } from "./database.ts";
import { OraError } from "../engine/ora-error.ts";
import { rowKey } from "./locks.ts";
import { roomInLog } from "./log-switch.ts";

/** A transaction for the dictionary, apart from the user's own. */
export type Recursive = Pick<Transaction, "insert" | "commit">;

/** Freed blocks that one insert looks at before it goes on behind the hint. */
const FREED_TRIES = 4;

/** A slot with room for a piece. Adds an extent where there is none; undefined when the caller should look again. */
export async function findPlace(
  database: SimulatedDatabase,
  container: Container,
  segment: Segment,
  length: number,
  thread: number,
  recursiveTransaction: () => Recursive,
): Promise<RowAddress | undefined> {
  const reused = placeInFreed(database, segment, length);
  if (reused !== undefined) return reused;
  for (let at = blockAt(segment, segment.hint); at !== undefined; at = blockAt(segment, segment.hint)) {
    const place = slotFor(database, at, length);
    if (place !== undefined) return place;
    segment.hint += 1;
  }
  if (segment.definition.objectId === EXTENTS_OBJECT) {
    throw new OraError(1632, "max # extents (16) reached in index SYS.UET$");
  }
  segment.extending ??= extend(database, container, segment, thread, recursiveTransaction).finally(() => {
    segment.extending = undefined;
  });
  await segment.extending;
  return undefined;
}

function placeInFreed(database: SimulatedDatabase, segment: Segment, length: number): RowAddress | undefined {
  let tries = FREED_TRIES;
  for (const name of segment.freed) {
    if (tries === 0) return undefined;
    tries -= 1;
    const [file = 0, block = 0] = name.split(".").map(Number);
    const place = slotFor(database, { file, block }, length);
    if (place !== undefined) return place;
    segment.freed.delete(name);
  }
  return undefined;
}

function slotFor(
  database: SimulatedDatabase,
  at: { file: number; block: number },
  length: number,
): RowAddress | undefined {
  const { buffer } = database.cache.read(database.readable(at.file), at.block);
  const slots = slotCount(buffer);
  let slot = slots;
  for (let candidate = 0; candidate < slots; candidate += 1) {
    if (
      rowAt(buffer, candidate) === undefined &&
      database.locks.holding(rowKey({ ...at, slot: candidate })) === undefined
    ) {
      slot = candidate;
      break;
    }
  }
  const address = { ...at, slot };
  return fitsInPlace(database, address, length) ? address : undefined;
}

/** Room for a piece of this length in the slot, with what open transactions may need back left alone. */
export function fitsInPlace(database: SimulatedDatabase, address: RowAddress, length: number): boolean {
  const { buffer } = database.cache.read(database.readable(address.file), address.block);
  return fits(buffer, address.slot, length, database.reservations.inBlock(address));
}

/** Adds an extent: blocks formatted first, then the dictionary row, committed on its own as recursive SQL is. */
async function extend(
  database: SimulatedDatabase,
  container: Container,
  segment: Segment,
  thread: number,
  recursiveTransaction: () => Recursive,
): Promise<void> {
  const extent = container.allocate(segment, thread);
  segment.extents.push(extent);
  try {
    for (const edit of container.formatting(segment.definition.objectId, extent)) {
      await roomInLog(database, thread);
      change(database, thread, [edit]);
    }
    const recursive = recursiveTransaction();
    await recursive.insert(EXTENTS_OBJECT, [
      segment.definition.objectId,
      extent.file,
      extent.first,
      extent.blocks,
    ]);
    await recursive.commit();
  } catch (error) {
    segment.extents.splice(segment.extents.indexOf(extent), 1);
    throw error;
  }
}
