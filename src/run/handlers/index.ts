import type { StepKind } from "../../domain/step.ts";
import type { Handler } from "../step-context.ts";
import { backupControlfile } from "./backup-controlfile.ts";
import { beginBackup } from "./begin-backup.ts";
import { checkSnapshots } from "./check-snapshots.ts";
import { collectLogs } from "./collect-logs.ts";
import { confirmClosed } from "./confirm-closed.ts";
import { confirmIdentity } from "./confirm-identity.ts";
import { copyControlfile } from "./copy-controlfile.ts";
import { copyDatafile } from "./copy-datafile.ts";
import { copyFile } from "./copy-file.ts";
import { copyLogs } from "./copy-logs.ts";
import { copyRedo } from "./copy-redo.ts";
import { endBackup } from "./end-backup.ts";
import { inParallel } from "./in-parallel.ts";
import { makeDirectory } from "./make-directory.ts";
import { markDirty } from "./mark-dirty.ts";
import { preCopyDatafile } from "./pre-copy-datafile.ts";
import { proveClosed } from "./prove-closed.ts";
import { readSnapshots } from "./read-snapshots.ts";
import { refreshDatafile } from "./refresh-datafile.ts";
import { removeRunPicture } from "./remove-picture.ts";
import { resumeIo } from "./resume-io.ts";
import { rmanRefresh } from "./rman-refresh.ts";
import { saveParameters } from "./save-parameters.ts";
import { shutDown } from "./shut-down.ts";
import { snapshotVolumes } from "./snapshot-volumes.ts";
import { startUp } from "./start-up.ts";
import { suspendIo } from "./suspend-io.ts";
import { switchLogs } from "./switch-logs.ts";
import { takePicture } from "./take-picture.ts";
import { takeSnapshot } from "./take-snapshot.ts";
import { tidyArea } from "./tidy-area.ts";
import { traceControlfile } from "./trace-controlfile.ts";
import { verifyCopy } from "./verify-copy.ts";
import { waitForLogs } from "./wait-for-logs.ts";
import { writeManifest } from "./write-manifest.ts";

/** Every kind of step; a new one does not compile until it is here. */
export const handlers: { readonly [K in StepKind]: Handler<K> } = {
  "make-directory": makeDirectory,
  "begin-backup": beginBackup,
  "copy-datafile": copyDatafile,
  "end-backup": endBackup,
  "switch-logs": switchLogs,
  "wait-for-logs": waitForLogs,
  "copy-logs": copyLogs,
  "backup-controlfile": backupControlfile,
  "trace-controlfile": traceControlfile,
  "save-parameters": saveParameters,
  "copy-file": copyFile,
  "confirm-identity": confirmIdentity,
  "verify-copy": verifyCopy,
  "write-manifest": writeManifest,
  "in-parallel": inParallel,
  "confirm-closed": confirmClosed,
  "copy-controlfile": copyControlfile,
  "copy-redo": copyRedo,
  "pre-copy-datafile": preCopyDatafile,
  "prove-closed": proveClosed,
  "remove-picture": removeRunPicture,
  "shut-down": shutDown,
  "start-up": startUp,
  "take-picture": takePicture,
  "refresh-datafile": refreshDatafile,
  "rman-refresh": rmanRefresh,
  "mark-dirty": markDirty,
  "collect-logs": collectLogs,
  "take-snapshot": takeSnapshot,
  "tidy-area": tidyArea,
  "snapshot-volumes": snapshotVolumes,
  "suspend-io": suspendIo,
  "resume-io": resumeIo,
  "check-snapshots": checkSnapshots,
  "read-snapshots": readSnapshots,
};
