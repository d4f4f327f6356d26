import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Chance } from "../simulator/workload/chance.ts";
import type { Manifest } from "../src/domain/manifest.ts";
import type { Coverage, ListedBackup } from "./keeping-reports.ts";

export interface Target {
  readonly snapshot: ListedBackup;
  readonly manifest: Manifest;
  /** As UNTIL CHANGE takes it. */
  readonly scn: string;
}

/**
 * A target that coverage claims for a snapshot, though the snapshot's own logs end before it: later ones are needed. The
 * snapshot is any but the newest. The same answers and the same seed give the same target.
 */
export function chooseTarget(choice: {
  /** The oldest first. */
  readonly snapshots: readonly ListedBackup[];
  readonly coverage: Coverage;
  readonly seed: number;
}): Target {
  const chance = new Chance(choice.seed);
  const snapshot = chance.pick(choice.snapshots.slice(0, -1));
  const manifest = JSON.parse(readFileSync(join(snapshot.directory, "manifest.json"), "utf8")) as Manifest;
  const { current, incarnations } = choice.coverage;
  const ways = incarnations.find(({ incarnation }) => incarnation === current.incarnation)?.ways ?? [];
  const own = BigInt(manifest.scns.recoverableTo);
  const claimed = ways
    .filter(({ source }) => source === snapshot.id)
    .map(({ fromScn, toScn }) => ({
      from: BigInt(fromScn) > own ? BigInt(fromScn) : own + 1n,
      to: BigInt(toScn),
    }))
    .filter(({ from, to }) => from <= to);
  const { from, to } = chance.pick(claimed);
  return { snapshot, manifest, scn: String(from + BigInt(chance.between(0, Number(to - from)))) };
}
