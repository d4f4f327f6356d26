import type { ControlFile } from "../../instance/control-file.ts";
import type { BackupSetRecord, DatafileCopyRecord } from "../../instance/rman/records.ts";
import { fixedView, type View, type ViewRow, type ViewWorld, yesNo } from "../dictionary/view.ts";
import { mounted } from "./control-file.ts";

/** What RMAN has made and catalogued, as the control file knows it. */
const copiesOf = (world: ViewWorld): NonNullable<ControlFile["rman"]>["copies"] =>
  mounted(world).rman?.copies ?? [];
const setsOf = (world: ViewWorld): NonNullable<ControlFile["rman"]>["sets"] =>
  mounted(world).rman?.sets ?? [];

const seconds = (from: Date, to: Date): number =>
  Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));

const datafileCopies = fixedView(
  "V$DATAFILE_COPY",
  "MOUNT",
  `RECID n;STAMP n;NAME v513;TAG v32;FILE# n;RFILE# n;CREATION_CHANGE# n;CREATION_TIME d;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;INCREMENTAL_LEVEL n;CHECKPOINT_CHANGE# n
   CHECKPOINT_TIME d;ABSOLUTE_FUZZY_CHANGE# n;RECOVERY_FUZZY_CHANGE# n;RECOVERY_FUZZY_TIME d;ONLINE_FUZZY v3;BACKUP_FUZZY v3;MARKED_CORRUPT n;MEDIA_CORRUPT n
   LOGICALLY_CORRUPT n;BLOCKS n;BLOCK_SIZE n;STATUS v1;DELETED v3;COMPLETION_TIME d;CONTROLFILE_TYPE v1;KEEP v3;SCANNED v3;IS_RECOVERY_DEST_FILE v3;CON_ID n`,
  (world) => copiesOf(world).map((copy) => copyRow(copy)),
);

function copyRow(copy: DatafileCopyRecord): ViewRow {
  return {
    RECID: copy.recid,
    STAMP: copy.stamp,
    NAME: copy.status === "D" ? undefined : copy.path,
    TAG: copy.tag,
    "FILE#": copy.file,
    "RFILE#": copy.relativeFile,
    "CREATION_CHANGE#": copy.creationScn,
    CREATION_TIME: copy.creationAt,
    "RESETLOGS_CHANGE#": copy.resetlogsScn,
    RESETLOGS_TIME: copy.resetlogsAt,
    INCREMENTAL_LEVEL: copy.incrementalLevel ?? undefined,
    "CHECKPOINT_CHANGE#": copy.checkpointScn,
    CHECKPOINT_TIME: copy.checkpointAt,
    "ABSOLUTE_FUZZY_CHANGE#": copy.absoluteFuzzyScn,
    "RECOVERY_FUZZY_CHANGE#": 0,
    ONLINE_FUZZY: "NO",
    BACKUP_FUZZY: yesNo(copy.inBackup),
    MARKED_CORRUPT: 0,
    MEDIA_CORRUPT: 0,
    LOGICALLY_CORRUPT: 0,
    BLOCKS: copy.blocks,
    BLOCK_SIZE: copy.blockSize,
    STATUS: copy.status,
    DELETED: yesNo(copy.status === "D"),
    COMPLETION_TIME: copy.completedAt,
    KEEP: "NO",
    SCANNED: "NO",
    IS_RECOVERY_DEST_FILE: "NO",
    CON_ID: copy.conId,
  };
}

const backupSets = fixedView(
  "V$BACKUP_SET",
  "MOUNT",
  `RECID n;STAMP n;SET_STAMP n;SET_COUNT n;BACKUP_TYPE v1;CONTROLFILE_INCLUDED v3;INCREMENTAL_LEVEL n;PIECES n;START_TIME d;COMPLETION_TIME d
   ELAPSED_SECONDS n;BLOCK_SIZE n;INPUT_FILE_SCAN_ONLY v3;KEEP v3;KEEP_UNTIL d;MULTI_SECTION v3;CON_ID n`,
  (world) =>
    setsOf(world).map((set) => ({
      ...setKey(set),
      BACKUP_TYPE: set.type,
      CONTROLFILE_INCLUDED: yesNo(set.controlfile),
      INCREMENTAL_LEVEL: set.incrementalLevel ?? undefined,
      PIECES: set.pieces.length,
      START_TIME: set.startedAt,
      COMPLETION_TIME: set.completedAt,
      ELAPSED_SECONDS: seconds(set.startedAt, set.completedAt),
      BLOCK_SIZE: set.files[0]?.blockSize ?? 8192,
      INPUT_FILE_SCAN_ONLY: "NO",
      KEEP: "NO",
      MULTI_SECTION: yesNo(set.files.some(({ sectionBlocks }) => sectionBlocks > 0)),
    })),
);

/** RECID and STAMP are the view's own, SET_STAMP and SET_COUNT tie the views together. */
function setKey(set: BackupSetRecord): ViewRow {
  return { RECID: set.recid, STAMP: set.stamp, SET_STAMP: set.stamp, SET_COUNT: set.count, CON_ID: 0 };
}

const backupPieces = fixedView(
  "V$BACKUP_PIECE",
  "MOUNT",
  `RECID n;STAMP n;SET_STAMP n;SET_COUNT n;PIECE# n;COPY# n;DEVICE_TYPE v17;HANDLE v513;COMMENTS v64;MEDIA v65;TAG v32;STATUS v1;START_TIME d;COMPLETION_TIME d
   ELAPSED_SECONDS n;DELETED v3;BYTES n;IS_RECOVERY_DEST_FILE v3;COMPRESSED v3;ENCRYPTED v3;CON_ID n`,
  (world) =>
    setsOf(world).flatMap((set) =>
      set.pieces.map((piece) => ({
        ...setKey(set),
        RECID: piece.recid,
        STAMP: piece.stamp,
        "PIECE#": piece.piece,
        "COPY#": 1,
        DEVICE_TYPE: "DISK",
        HANDLE: piece.status === "D" ? undefined : piece.handle,
        TAG: piece.tag,
        STATUS: piece.status,
        START_TIME: piece.startedAt,
        COMPLETION_TIME: piece.completedAt,
        ELAPSED_SECONDS: seconds(piece.startedAt, piece.completedAt),
        DELETED: yesNo(piece.status === "D"),
        BYTES: piece.bytes,
        IS_RECOVERY_DEST_FILE: "NO",
        COMPRESSED: "NO",
        ENCRYPTED: "NO",
      })),
    ),
);

const backupDatafiles = fixedView(
  "V$BACKUP_DATAFILE",
  "MOUNT",
  `RECID n;STAMP n;SET_STAMP n;SET_COUNT n;FILE# n;CREATION_CHANGE# n;CREATION_TIME d;RESETLOGS_CHANGE# n;RESETLOGS_TIME d;INCREMENTAL_LEVEL n;INCREMENTAL_CHANGE# n
   CHECKPOINT_CHANGE# n;CHECKPOINT_TIME d;ABSOLUTE_FUZZY_CHANGE# n;MARKED_CORRUPT n;MEDIA_CORRUPT n;LOGICALLY_CORRUPT n;DATAFILE_BLOCKS n;BLOCKS n;BLOCK_SIZE n
   COMPLETION_TIME d;CONTROLFILE_TYPE v1;USED_CHANGE_TRACKING v3;BLOCKS_READ n;SECTION_SIZE n;CON_ID n`,
  (world) =>
    setsOf(world).flatMap((set) =>
      set.files.map((file) => ({
        ...setKey(set),
        RECID: file.recid,
        STAMP: file.stamp,
        "FILE#": file.file,
        "CREATION_CHANGE#": file.creationScn,
        CREATION_TIME: file.creationAt,
        "RESETLOGS_CHANGE#": file.resetlogsScn,
        RESETLOGS_TIME: file.resetlogsAt,
        INCREMENTAL_LEVEL: set.incrementalLevel ?? undefined,
        "INCREMENTAL_CHANGE#": file.incrementalScn,
        "CHECKPOINT_CHANGE#": file.checkpointScn,
        CHECKPOINT_TIME: file.checkpointAt,
        "ABSOLUTE_FUZZY_CHANGE#": file.absoluteFuzzyScn,
        MARKED_CORRUPT: 0,
        MEDIA_CORRUPT: 0,
        LOGICALLY_CORRUPT: 0,
        DATAFILE_BLOCKS: file.blocks,
        BLOCKS: file.blocksInBackup,
        BLOCK_SIZE: file.blockSize,
        COMPLETION_TIME: set.completedAt,
        USED_CHANGE_TRACKING: "NO",
        BLOCKS_READ: file.blocksRead,
        SECTION_SIZE: file.sectionBlocks,
        CON_ID: file.conId,
      })),
    ),
);

export const backupViews: readonly View[] = [datafileCopies, backupSets, backupPieces, backupDatafiles];
