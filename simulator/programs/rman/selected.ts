import type { BackupPieceRecord, BackupSetRecord, DatafileCopyRecord } from "../../instance/rman/records.ts";
import { type Client, datafilesOf, server } from "./client.ts";
import type { Selection } from "./commands.ts";
import { RmanError, rmanLine } from "./rman-error.ts";

export interface SelectedPiece {
  readonly set: BackupSetRecord;
  readonly piece: BackupPieceRecord;
}

/** Image copies that are meant. RMAN-20230 where one was named that is not known. */
export function selectedCopies(client: Client, selection: Selection): DatafileCopyRecord[] {
  const { files, tag, named } = selection;
  const numbers =
    files === "database" ? undefined : new Set(datafilesOf(client, files).map(({ file }) => file));
  const all = server(client).copies.filter(
    (copy) =>
      copy.status !== "D" &&
      (tag === undefined || copy.tag === tag) &&
      (numbers === undefined || numbers.has(copy.file)),
  );
  return named.length === 0
    ? all
    : named.map((name) =>
        found(
          all.find((copy) => copy.path === name || String(copy.recid) === name),
          name,
        ),
      );
}

/** Backup pieces that are meant, by their own keys or names, or by the keys of their sets. */
export function selectedPieces(client: Client, selection: Selection): SelectedPiece[] {
  const { of, tag, named } = selection;
  const all = server(client)
    .sets.flatMap((set) => set.pieces.map((piece) => ({ set, piece })))
    .filter(({ piece }) => piece.status !== "D" && (tag === undefined || piece.tag === tag));
  if (named.length === 0) return all;
  return named.flatMap((name) => {
    const own = all.filter(({ set, piece }) =>
      of === "sets" ? String(set.recid) === name : piece.handle === name || String(piece.recid) === name,
    );
    return own.length > 0 ? own : [found<SelectedPiece>(undefined, name)];
  });
}

function found<T>(record: T | undefined, name: string): T {
  if (record !== undefined) return record;
  throw new RmanError([
    rmanLine(6168, "no backup pieces with this identifier found in repository"),
    rmanLine(6169, `key or name: ${name}`),
  ]);
}
