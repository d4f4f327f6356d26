import type { AreaLook } from "../domain/area-look.ts";
import type { DatafileFacts } from "../domain/facts.ts";
import type { RunId } from "../domain/names.ts";
import { type ListBegin, momentName, type SourceMoment } from "../domain/source-moment.ts";
import type { CopyDatafile, Protection } from "../domain/step.ts";
import type { AreaAction } from "./area-steps.ts";

/** Gives the moment that is taken of a file before it is read; undefined where its storage lists no changes. */
export type MomentOf = (file: DatafileFacts, protection: Protection) => SourceMoment | undefined;

/** Files without backup mode are read in the first moment of the run, each tablespace in one of its own. */
export function momentsFor(
  actions: readonly AreaAction[],
  { listed }: Pick<AreaLook, "listed">,
  run: RunId,
): MomentOf {
  const names = new Set(actions.map(({ treatment }) => tablespaceOf(treatment.file)));
  const windows = new Map([...names].toSorted().map((name, index) => [name, index + 1]));
  return (file, protection) => {
    const located = listed?.files.get(file.file);
    if (located === undefined) return undefined;
    const { storage, volume, inside } = located;
    const window = protection.by === "backup-mode" ? windows.get(tablespaceOf(file)) : undefined;
    return { storage, volume, snapshot: momentName(run, window), inside };
  };
}

/** Where the list begins; undefined where the copy has no moment of this file. */
export function changesFrom(
  { entry, asWritten }: Extract<AreaAction, { readonly how: "refresh" }>["parent"],
  moment: SourceMoment | undefined,
): ListBegin | undefined {
  const from = entry.changesFrom;
  if (from === undefined || moment === undefined || !asWritten) return undefined;
  const isSame =
    from.storage === moment.storage && from.volume === moment.volume && from.inside === moment.inside;
  return isSame ? from : undefined;
}

/** A snapshot of the database's own storage is told before it is taken. */
export function afterMoment({ moment }: Pick<CopyDatafile, "moment">): string {
  return moment === undefined ? "" : `, after snapshot ${moment.snapshot} of ${moment.volume}`;
}

function tablespaceOf({ container, tablespace }: DatafileFacts): string {
  return `${container}:${tablespace}`;
}
