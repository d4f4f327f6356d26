import { formatTag, type OwnershipTag, parseTag, sameTag } from "../src/domain/snapshot.ts";
import { UmbraError } from "../src/errors/umbra-error.ts";

/** The tag in a text of the storage's, as an owner for people: `run … of database …`, or somebody. */
function ownerOf(tag: OwnershipTag | undefined): string {
  return tag === undefined
    ? "somebody else"
    : `run ${tag.run} of database ${tag.database} (agent ${tag.agent})`;
}

/** UMB-6303 unless the tag is exactly the one that is asked for. */
export function mustBelong(
  storage: string,
  what: string,
  found: OwnershipTag | undefined,
  asked: OwnershipTag,
): void {
  if (found !== undefined && sameTag(found, asked)) return;
  throw new UmbraError("UMB-6303", { storage, what, owner: ownerOf(found) });
}

/** UMB-6311 for a name that could lead out of its directory or be taken for an option. */
export function checkedName(storage: string, name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return name;
  throw new UmbraError("UMB-6311", { storage, name });
}

/** The line of a sidecar file. */
export const tagLine = (tag: OwnershipTag): string => `${formatTag(tag)}\n`;
export const tagIn = (text: string): OwnershipTag | undefined => parseTag(text.trim());
