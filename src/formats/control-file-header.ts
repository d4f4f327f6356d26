import { problemOfBlock1, readGenericHeader, readHead, type GenericHeader } from "./generic-header.ts";
import { parsed, unreadable, type Parsed } from "./parsed.ts";

/** Block 1 of a control file. */
export interface ControlFileHeader extends GenericHeader {
  /** Made by BACKUP CONTROLFILE TO. A copy of a live control file has `false` and is worthless. */
  readonly backup: boolean;
}

const CONTROL_FILE_BLOCK = 0x15;
const TYPE_CONTROL = 1;
const TYPE_BACKUP_CONTROL = 4;

/** Reads the header from the first two blocks of a control file. */
export function readControlFileHeader(head: Uint8Array): Parsed<ControlFileHeader> {
  const split = readHead(head);
  if (!split.ok) return split;
  const problem = problemOfBlock1(split.value, CONTROL_FILE_BLOCK, { bigfile: true });
  if (problem !== undefined) return unreadable(problem);
  const generic = readGenericHeader(split.value.fields);
  if (generic.fileType !== TYPE_CONTROL && generic.fileType !== TYPE_BACKUP_CONTROL) {
    return unreadable(`it is a file of type ${generic.fileType}, no control file`);
  }
  return parsed({ ...generic, backup: generic.fileType === TYPE_BACKUP_CONTROL });
}
