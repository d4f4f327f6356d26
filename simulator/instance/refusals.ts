import { OraError } from "../engine/ora-error.ts";

interface NamedFile {
  readonly file: number;
  readonly path: string;
}

export const fileLine = (file: NamedFile): string => `ORA-01110: data file ${file.file}: '${file.path}'`;

/** Errors that name a datafile on a second line. */
const FILE_TEXTS = {
  1113: (n: number) => `file ${n} needs media recovery`,
  1116: (n: number) => `error in opening database file ${n}`,
  1122: (n: number) => `database file ${n} failed verification check`,
  1124: (n: number) => `cannot recover data file ${n} - file is in use or recovery`,
  1128: (n: number) => `cannot start online backup - file ${n} is offline`,
  1146: (n: number) => `cannot start online backup - file ${n} is already in backup`,
  1149: (n: number) => `cannot shutdown - file ${n} has online backup set`,
  1150: (n: number) => `cannot prevent writes - file ${n} has online backup set`,
  1152: (n: number) => `file ${n} was not restored from a sufficiently old backup`,
  1157: (n: number) => `cannot identify/lock data file ${n} - see DBWR trace file`,
  1111: (n: number) => `name for data file ${n} is unknown - rename to correct file`,
  1145: () => "offline immediate disallowed unless media recovery enabled",
  1194: (n: number) => `file ${n} needs more recovery to be consistent`,
  1195: (n: number) => `online backup of file ${n} needs more recovery to be consistent`,
  1196: (n: number) => `file ${n} is inconsistent due to a failed media recovery session`,
  1541: () => "system tablespace cannot be brought offline; shut down if necessary",
  1546: () => "tablespace contains active rollback segment",
  1190: (n: number) => `control file or data file ${n} is from before the last RESETLOGS`,
  1203: () => "wrong incarnation of this file - wrong creation SCN",
  1206: () => "file is not part of this database - wrong database id",
  1207: () => "file is more recent than control file - old control file",
  10873: (n: number) => `file ${n} needs to be either taken out of backup mode or media recovered`,
  376: (n: number) => `file ${n} cannot be read at this time`,
} as const;

export type FileErrorCode = keyof typeof FILE_TEXTS;

export function fileError(code: FileErrorCode, file: NamedFile, below: readonly string[] = []): OraError {
  return new OraError(code, FILE_TEXTS[code](file.file), { below: [fileLine(file), ...below] });
}

/** A file whose header contradicts the control file: ORA-01122, the file, and the reason. */
export function verificationError(
  reason: 1190 | 1203 | 1204 | 1206 | 1207,
  file: NamedFile,
  found?: number,
): OraError {
  const text =
    reason === 1204
      ? `file number is ${String(found)} rather than ${file.file} - wrong file`
      : FILE_TEXTS[reason](file.file);
  return fileError(1122, file, [line(reason, text)]);
}

export function blockError(file: NamedFile, block: number): OraError {
  return new OraError(1578, `ORACLE data block corrupted (file # ${file.file}, block # ${block})`, {
    below: [fileLine(file)],
  });
}

/** One line of a stack, to stand below another error. */
export const line = (code: number, text: string): string => `ORA-${String(code).padStart(5, "0")}: ${text}`;
