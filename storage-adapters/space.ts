import { UmbraError } from "../src/errors/umbra-error.ts";
import type { CommandSetting, Commands } from "./commands.ts";
import type { Space } from "./contract.ts";

/** What `df` says of the file system at the path: free is what an ordinary user may still write. */
export async function spaceOf({ storage }: CommandSetting, commands: Commands, path: string): Promise<Space> {
  const seen = await commands.output(["df", "-B1", "--output=size,avail", "--", path]);
  const [, total, free] = /\n\s*(\d+)\s+(\d+)\s*$/.exec(seen) ?? [];
  if (total === undefined || free === undefined) {
    throw new UmbraError("UMB-6308", { storage, program: "df", seen: seen.slice(0, 200) });
  }
  return { totalBytes: Number(total), freeBytes: Number(free) };
}
