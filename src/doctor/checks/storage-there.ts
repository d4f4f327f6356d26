import type { Host } from "../../ports/host.ts";
import type { CheckCall, UsedStorage } from "../check.ts";

/** False where `mounted` tells what is wrong, and there is nothing more to say. */
export async function storageThere(
  host: Pick<Host, "stat">,
  { storage }: UsedStorage,
  call: CheckCall,
): Promise<boolean> {
  return (await host.stat(storage.path, call))?.kind === "directory";
}
