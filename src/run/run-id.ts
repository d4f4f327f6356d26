import { formatStamp } from "../domain/instant.ts";
import type { RunId } from "../domain/names.ts";
import type { World } from "./world.ts";

/** `20261121T093300Z-hot-4f2a91`: sorts by time; the random end keeps two of one second apart. */
export function newRunId({ clock, random }: Pick<World, "clock" | "random">, kind: string): RunId {
  return `${formatStamp(clock.now())}-${kind}-${Buffer.from(random(3)).toString("hex")}` as RunId;
}
