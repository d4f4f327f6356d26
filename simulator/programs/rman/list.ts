import type { DatafileCopyRecord } from "../../instance/rman/records.ts";
import { type Client, datafilesOf, server } from "./client.ts";
import type { Selection, ValidateCommand } from "./commands.ts";
import { type SelectedPiece, selectedCopies, selectedPieces } from "./selected.ts";

const WORDS = { A: "AVAILABLE", X: "EXPIRED", D: "DELETED" } as const;
const MEBIBYTE = 1_048_576;

/** As LIST COPY and DELETE print them. */
export function copyTable({ console }: Client, copies: readonly DatafileCopyRecord[]): string {
  const rows = copies.map(
    (copy) =>
      `${String(copy.recid).padEnd(7)} ${String(copy.file).padEnd(4)} ${copy.status} ${console.date(copy.completedAt).padEnd(19)} ${String(copy.checkpointScn).padEnd(10)} ${console.date(copy.checkpointAt).padEnd(19)} NO\n        Name: ${copy.path}\n        Tag: ${copy.tag}\n`,
  );
  return `List of Datafile Copies\n=======================\n\nKey     File S Completion Time     Ckp SCN    Ckp Time            Sparse\n------- ---- - ------------------- ---------- ------------------- ------\n${rows.join("\n")}\n`;
}

export function pieceTable(pieces: readonly SelectedPiece[]): string {
  const rows = pieces.map(
    ({ set, piece }) =>
      `${String(piece.recid).padEnd(7)} ${String(set.recid).padEnd(7)} ${String(piece.piece).padEnd(3)} 1   ${WORDS[piece.status].padEnd(11)} DISK        ${piece.handle}\n`,
  );
  return `\nList of Backup Pieces\nBP Key  BS Key  Pc# Cp# Status      Device Type Piece Name\n------- ------- --- --- ----------- ----------- ----------\n${rows.join("")}`;
}

export function list(client: Client, selection: Selection): void {
  const { console } = client;
  if (selection.of !== "copies") {
    const pieces = selectedPieces(client, selection);
    console.print(
      pieces.length === 0
        ? "specification does not match any backup in the repository\n"
        : pieceTable(pieces),
    );
    return;
  }
  const copies = selectedCopies(client, selection);
  console.print(
    copies.length === 0
      ? "specification does not match any datafile copy in the repository\n"
      : copyTable(client, copies),
  );
}

export function reportSchema(client: Client): void {
  const { console, host } = client;
  const { control } = server(client);
  const rows = datafilesOf(client, "database").map((file) => {
    const name = control.tablespaces.find((ts) => ts.conId === file.conId && ts.ts === file.ts)?.name ?? "";
    const size = Math.floor((file.blocks * file.blockSize) / MEBIBYTE);
    return `${String(file.file).padEnd(4)} ${String(size).padEnd(8)} ${name.padEnd(20)} ***     ${file.path}\n`;
  });
  console.print(
    `Report of database schema for database with db_unique_name ${host.engine.identity.dbUniqueName.toUpperCase()}\n\nList of Permanent Datafiles\n===========================\nFile Size(MB) Tablespace           RB segs Datafile Name\n---- -------- -------------------- ------- ------------------------\n${rows.join("")}\n`,
  );
}

/** VALIDATE: reads every block; what is damaged is told, and ends nothing. */
export async function validate(client: Client, command: ValidateCommand): Promise<void> {
  const { console, channels } = client;
  console.say(3090, `Starting validate at ${console.date()}`);
  const [channel] = channels.working();
  const files =
    command.of === "datafiles"
      ? datafilesOf(client, command.files)
      : selectedCopies(client, { ...command, of: "copies", files: "database", noprompt: true });
  console.say(
    undefined,
    `channel ${channel.name}: starting validation of datafile${command.of === "copies" ? " copy" : ""}`,
  );
  console.print(
    "List of Datafiles\n=================\nFile Status Blocks Examined File Name\n---- ------ --------------- ---------\n",
  );
  for (const file of files) {
    const damaged = await server(client).damaged(file, file.blocks);
    const status = damaged.length === 0 ? "OK" : "FAILED";
    console.print(
      `${String(file.file).padEnd(4)} ${status.padEnd(6)} ${String(file.blocks).padEnd(15)} ${file.path}\n`,
    );
  }
  console.say(3091, `Finished validate at ${console.date()}`);
}
