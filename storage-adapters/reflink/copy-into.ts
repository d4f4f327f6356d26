import { UmbraError } from "../../src/errors/umbra-error.ts";
import { type CommandSetting, type Commands, failed, portions } from "../commands.ts";
import type { CreateSnapshot } from "../contract.ts";
import { factsOfPaths, insideOf } from "../paths.ts";
import type { SnapshotPlace } from "./place.ts";

/** Fills the unfinished snapshot: shared blocks, else copies; read-only; every file and directory synced. */
export async function copyInto(
  setting: CommandSetting,
  commands: Commands,
  place: SnapshotPlace,
  { name, volume, paths }: CreateSnapshot,
): Promise<void> {
  const { storage } = setting;
  const files = `${place.unfinished}/files`;
  const sources = (await factsOfPaths(setting, commands, paths)).map(({ path, mountPoint }) => {
    if (mountPoint === (volume as string)) return insideOf(mountPoint, path) || ".";
    throw new UmbraError("UMB-6301", { storage, path, seen: `it is on ${mountPoint}, not on ${volume}` });
  });
  await commands.output(["mkdir", "--", files]);
  const cloned = await copied(commands, place, sources, "always");
  if (!cloned.ok && /failed to clone/.test(cloned.said)) {
    // Files whose blocks could be shared are copied again: a mixture would be read-only in part.
    await commands.output(["rm", "-r", "--one-file-system", "--", files]);
    await commands.output(["mkdir", "--", files]);
    const plain = await copied(commands, place, sources, "auto");
    if (!plain.ok) throw await notCopied(setting, commands, place, name, plain);
  } else if (!cloned.ok) throw await notCopied(setting, commands, place, name, cloned);
  await commands.output(["find", files, "-type", "f", "-exec", "chmod", "a-w", "--", "{}", "+"]);
  await commands.output(["find", place.unfinished, "-exec", "sync", "--", "{}", "+"]);
}

interface Copied {
  readonly ok: boolean;
  readonly status: number;
  readonly said: string;
}

/** From the mount point and with the directories below it, so that `files` stands for the mount point. */
async function copied(
  commands: Commands,
  { mountPoint, unfinished }: SnapshotPlace,
  sources: readonly string[],
  reflink: "always" | "auto",
): Promise<Copied> {
  for (const portion of portions(sources)) {
    const cp = [
      "env",
      "-C",
      mountPoint,
      "cp",
      `--reflink=${reflink}`,
      "-a",
      "--one-file-system",
      "--parents",
    ];
    const { status, said } = await commands.attempt([...cp, "-t", `${unfinished}/files`, "--", ...portion]);
    if (status !== 0) return { ok: false, status, said };
  }
  return { ok: true, status: 0, said: "" };
}

/** A full file system is given its space back at once. */
async function notCopied(
  { storage }: CommandSetting,
  commands: Commands,
  place: SnapshotPlace,
  name: string,
  { status, said }: Copied,
): Promise<UmbraError> {
  const error = failed(storage, ["cp"], status, said);
  if (error.code !== "UMB-6304") return error;
  await commands.attempt(["rm", "-r", "--one-file-system", "--", `${place.unfinished}/files`]);
  return new UmbraError("UMB-6304", { storage, what: `snapshot ${name}`, said });
}
