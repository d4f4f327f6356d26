import type { AreaLook } from "../domain/area-look.ts";
import type { RefreshConfig } from "../domain/fleet.ts";

type Copies = Pick<AreaLook, "copies" | "fullCopies">;

/** What the snapshots of one refresh take of the live area's space, where each is a full copy. */
export function snapshotBytes(
  look: Copies & Pick<AreaLook, "canSnapshot">,
  when: RefreshConfig["snapshot"],
): number {
  if (!look.canSnapshot || when === "none") return 0;
  return fullCopyBytes(look) * (when === "both" ? 2 : 1);
}

/** Of one snapshot; its logs are not counted, they are few. */
export function fullCopyBytes({ copies, fullCopies }: Copies): number {
  return fullCopies === true ? copies.reduce((sum, { bytes }) => sum + bytes, 0) : 0;
}
