import type { RunResults } from "./run-results.ts";
import type { World } from "./world.ts";

/** The manifest names them now: they stay until retention lets them go. */
export async function keepSnapshots({ state, clock }: World, { snapshots }: RunResults): Promise<void> {
  const { asked } = snapshots;
  if (asked === undefined) return;
  await state.snapshotObligations.discharge(asked.id, clock.now(), "kept by the manifest");
}
