import type { RowAddress } from "./api.ts";
import { rowKey } from "./locks.ts";

/** Bytes that rows of open transactions gave back to their blocks, and that a rollback would need again. */
export class Reservations {
  private readonly byBlock = new Map<string, number>();
  private readonly byHolder = new Map<object, Map<string, { address: RowAddress; bytes: number }>>();

  hold(holder: object, address: RowAddress, bytes: number): void {
    this.release(holder, address);
    if (bytes <= 0) return;
    let own = this.byHolder.get(holder);
    if (own === undefined) this.byHolder.set(holder, (own = new Map()));
    own.set(rowKey(address), { address, bytes });
    this.add(address, bytes);
  }

  release(holder: object, address: RowAddress): void {
    const own = this.byHolder.get(holder);
    const held = own?.get(rowKey(address));
    if (held === undefined) return;
    own?.delete(rowKey(address));
    this.add(address, -held.bytes);
  }

  releaseAll(holder: object): void {
    for (const { address, bytes } of this.byHolder.get(holder)?.values() ?? []) this.add(address, -bytes);
    this.byHolder.delete(holder);
  }

  /** What others must leave free in a block; a row's own reservation does not bind it. */
  inBlock(address: RowAddress): number {
    let own = 0;
    for (const rows of this.byHolder.values()) own += rows.get(rowKey(address))?.bytes ?? 0;
    return (this.byBlock.get(`${address.file}.${address.block}`) ?? 0) - own;
  }

  private add(address: RowAddress, bytes: number): void {
    const key = `${address.file}.${address.block}`;
    const sum = (this.byBlock.get(key) ?? 0) + bytes;
    if (sum === 0) this.byBlock.delete(key);
    else this.byBlock.set(key, sum);
  }
}
