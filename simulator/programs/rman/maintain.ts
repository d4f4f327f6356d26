import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { BackupPieceRecord, DatafileCopyRecord } from "../../instance/rman/records.ts";
import { type Client, onChannel, server } from "./client.ts";
import type { CatalogCommand, Selection } from "./commands.ts";
import { copyTable, pieceTable } from "./list.ts";
import { OraError } from "../../engine/ora-error.ts";
import { selectedCopies, selectedPieces } from "./selected.ts";

interface Target {
  readonly record: DatafileCopyRecord | BackupPieceRecord;
  readonly path: string;
  readonly what: "datafile copy" | "backup piece";
}

function targetsOf(client: Client, selection: Selection): Target[] {
  if (selection.of === "copies")
    return selectedCopies(client, selection).map((record) => ({
      record,
      path: record.path,
      what: "datafile copy",
    }));
  return selectedPieces(client, selection).map(({ piece }) => ({
    record: piece,
    path: piece.handle,
    what: "backup piece",
  }));
}

const nothing = ({ of }: Selection): string =>
  `specification does not match any ${of === "copies" ? "datafile copy" : "backup"} in the repository\n`;

function objectLine({ what, path, record }: Target): string {
  const name = what === "datafile copy" ? "datafile copy file name" : "backup piece handle";
  return `${name}=${path} RECID=${record.recid} STAMP=${record.stamp}\n`;
}

/** DELETE. What the control file calls available and the disk does not have is not deleted (RMAN-06207). */
export function deleteObjects(client: Client, selection: Selection, force: boolean): void {
  const { console } = client;
  client.channels.working();
  const targets = targetsOf(client, selection);
  if (targets.length === 0) return console.print(nothing(selection));
  console.print(
    selection.of === "copies"
      ? copyTable(client, selectedCopies(client, selection))
      : pieceTable(selectedPieces(client, selection)),
  );
  // Nobody answers the question of a command file: the answer is NO.
  if (!selection.noprompt)
    return console.print("\nDo you really want to delete the above objects (enter YES or NO)? \n");
  const mismatched = force
    ? []
    : targets.filter(({ record, path }) => record.status === "A" && !existsSync(path));
  const deleted = targets.filter((target) => !mismatched.includes(target));
  for (const target of deleted) {
    server(client).forget(target.record, true);
    console.print(`deleted ${target.what}\n${objectLine(target)}`);
  }
  if (deleted.length > 0) console.print(`Deleted ${deleted.length} objects\n\n`);
  if (mismatched.length === 0) return;
  console.warn(6207, `${mismatched.length} objects could not be deleted for DISK channel(s) due`);
  console.warn(6208, "to mismatched status.  Use CROSSCHECK command to fix status");
}

export function crosscheck(client: Client, selection: Selection): void {
  const { console } = client;
  client.channels.working();
  const targets = targetsOf(client, selection);
  if (targets.length === 0) return console.print(nothing(selection));
  for (const target of targets) {
    const database = server(client);
    const there =
      "path" in target.record
        ? database.crosscheckCopy(target.record)
        : database.crosscheckPiece(target.record);
    const verdict =
      target.what === "datafile copy"
        ? `validation ${there ? "succeeded" : "failed"} for datafile copy`
        : `crosschecked backup piece: found to be '${there ? "AVAILABLE" : "EXPIRED"}'`;
    console.print(`${verdict}\n${objectLine(target)}`);
  }
  console.print(`Crosschecked ${targets.length} objects\n\n`);
}

/** CHANGE … UNCATALOG: the files stay. */
export function uncatalog(client: Client, selection: Selection): void {
  const { console } = client;
  const targets = targetsOf(client, selection);
  if (targets.length === 0) return console.print(nothing(selection));
  for (const target of targets) {
    server(client).forget(target.record, false);
    console.print(`uncataloged ${target.what}\n${objectLine(target)}`);
  }
  console.print(`Uncataloged ${targets.length} objects\n\n`);
}

export async function catalog(client: Client, command: CatalogCommand): Promise<void> {
  if (command.what === "start-with") return catalogAll(client, command.prefix);
  const { level, tag = "" } = command;
  for (const path of command.paths) {
    const [channel] = client.channels.working();
    const made = await onChannel(client, "catalog", channel, () => {
      const record = server(client).catalogCopy({ path, tag, level });
      if (record !== undefined) return record;
      if (existsSync(path)) throw new OraError(19_563, `datafile header validation failed for file ${path}`);
      throw new OraError(19_625, `error identifying file ${path}`, {
        below: ["ORA-27037: unable to obtain file status"],
      });
    });
    client.console.print("cataloged datafile copy\n");
    client.console.print(`datafile copy file name=${path} RECID=${made.recid} STAMP=${made.stamp}\n\n`);
  }
}

/** CATALOG START WITH … NOPROMPT: image copies below a prefix that the control file does not know. */
function catalogAll(client: Client, prefix: string): void {
  const { console } = client;
  const database = server(client);
  const known = new Set(database.copies.filter(({ status }) => status !== "D").map(({ path }) => path));
  console.print(`searching for all files that match the pattern ${prefix}\n\n`);
  const unknown = filesBelow(prefix).filter((path) => !known.has(path));
  if (unknown.length === 0) return console.print("no files found to be unknown to the database\n");
  const listed = (paths: readonly string[]) => paths.map((path) => `File Name: ${path}\n`).join("");
  console.print(`List of Files Unknown to the Database\n${"=".repeat(37)}\n${listed(unknown)}\n`);
  console.print("cataloging files...\ncataloging done\n\n");
  const done = unknown.filter((path) => database.catalogCopy({ path, tag: "", level: null }) !== undefined);
  if (done.length > 0) console.print(`List of Cataloged Files\n${"=".repeat(23)}\n${listed(done)}\n`);
  const rest = unknown.filter((path) => !done.includes(path));
  if (rest.length === 0) return;
  console.print(`List of Files Which Were Not Cataloged\n${"=".repeat(38)}\n`);
  for (const path of rest)
    console.print(`File Name: ${path}\n  RMAN-07517: Reason: The file header is corrupted\n`);
}

function filesBelow(prefix: string): string[] {
  const directory = prefix.endsWith("/") ? prefix : dirname(prefix);
  const start = prefix.endsWith("/") ? "" : basename(prefix);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.startsWith(start))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .toSorted();
}
