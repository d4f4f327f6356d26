import { type Instant, instant, parseUtc } from "../../src/domain/instant.ts";

/** What btrfs-progs print of a subvolume, with TZ=UTC0. */
export interface Subvolume {
  readonly uuid: string;
  readonly createdAt: Instant;
  /** The file system's transaction that made it: grows, whatever the clock says. */
  readonly generation: bigint;
  readonly path: string;
}

/**
 * A line of `btrfs subvolume list -o -s -c -u -q`:
 * `ID 257 gen 7 cgen 7 top level 256 otime 2026-11-21 15:22:59 parent_uuid … uuid … path data/.umbra-snapshots/s1`.
 */
export function parseListLine(line: string): Subvolume | undefined {
  const match = /\bcgen (\d+) .*?\botime (\S+) (\S+) .*?\buuid (\S+) path (.+)$/.exec(line);
  const [, generation = "", day = "", time = "", uuid = "", path = ""] = match ?? [];
  const createdAt = parseUtc(`${day}T${time}Z`);
  return createdAt === undefined ? undefined : { uuid, createdAt, generation: BigInt(generation), path };
}

/** `btrfs subvolume show`; undefined where it is not understood. */
export function parseShow(text: string): (Subvolume & { readonly readOnly: boolean }) | undefined {
  const field = (name: string) => new RegExp(`^\\s*${name}:[ \\t]*(.*?)[ \\t]*$`, "m").exec(text)?.[1];
  const [uuid, generation, flags] = [field("UUID"), field("Gen at creation"), field("Flags")];
  const created = /^(\S+) (\S+) \+0000$/.exec(field("Creation time") ?? "");
  const createdAt = parseUtc(`${created?.[1]}T${created?.[2]}Z`);
  if (uuid === undefined || createdAt === undefined || !/^\d+$/.test(generation ?? "")) return undefined;
  return {
    uuid,
    createdAt: instant(createdAt),
    generation: BigInt(generation ?? "0"),
    path: text.split("\n")[0] ?? "",
    readOnly: flags?.includes("readonly") === true,
  };
}
