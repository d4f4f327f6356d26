import { setTimeout } from "node:timers/promises";

import type { Commands } from "./commands.ts";

const AGAIN_MS = 25;
/** A program that was given up was seen to do its work a second later; this is many times that. */
const UNSEEN_SECONDS = 10;

/**
 * Who looks, the groups, what /proc is, and the programs. The words come by standard input, so that who looks does not
 * find itself; what ends meanwhile cannot be read.
 */
const LOOK = `
echo "$(id -u)"
echo "$(id -G)"
echo "$(grep ' /proc proc ' /proc/mounts | tail -n 1)"
exec grep -lszF -f - /proc/[0-9]*/cmdline`;

/**
 * Waits until no program runs whose command line holds one of these words. A program that was given up may still do its
 * work: in the kernel, where a signal does not end it, under sudo, or on the far side of a connection that is gone. When
 * none is left, what is seen is final. Where programs of other users are hidden and one may be meant, it waits so long
 * that it is over. `words` are such that nobody else has a reason to name them. Errors: as the call's deadline.
 */
export async function programsOver(commands: Commands, words: readonly string[]): Promise<void> {
  const input = words.map((word) => `${word}\n`).join("");
  for (;;) {
    const { stdout } = await commands.attempt(["sh", "-c", LOOK], { input });
    const [user = "", groups = "", mount = "", ...running] = stdout.toString().trimEnd().split("\n");
    if (running.length === 0) {
      const isSeen = mount !== "" && (!commands.becomes || seesOthers(user, groups, mount));
      if (!isSeen) await commands.attempt(["sleep", `${UNSEEN_SECONDS}`]);
      return;
    }
    await setTimeout(AGAIN_MS);
  }
}

/**
 * `mount`: the line of /proc in /proc/mounts. Its `hidepid` hides the programs of others from all but root and the
 * members of the group `gid`; `ptraceable` from these too.
 */
function seesOthers(user: string, groups: string, mount: string): boolean {
  if (user === "0") return true;
  const options = (mount.split(" ")[3] ?? "")
    .split(",")
    .map((option) => option.split("=") as [string, string?]);
  const { hidepid = "off", gid = "0" } = Object.fromEntries(options);
  if (hidepid === "off" || hidepid === "0") return true;
  return hidepid !== "ptraceable" && hidepid !== "4" && groups.split(" ").includes(gid);
}
