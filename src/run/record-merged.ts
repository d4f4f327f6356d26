import type { DatafileFacts } from "../domain/facts.ts";
import type { RefreshedDatafile } from "../domain/manifest.ts";
import type { RmanCopy } from "../domain/rman.ts";
import { formatScn, type Scn } from "../domain/scn.ts";
import type { RmanFile } from "../domain/step.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import { type DatafileHeader, readDatafileHeader } from "../formats/datafile-header.ts";
import { usableFrom } from "../plan/rman-copies.ts";
import { areaPlan } from "./area-plan.ts";
import type { StepContext } from "./step-context.ts";

/** What the database said when the copies were proved. */
export interface SeenCopies {
  /** Read before everything else. */
  readonly seenAt: Scn;
  readonly copies: readonly RmanCopy[];
  readonly datafiles: readonly DatafileFacts[];
}

/** Notes a copy for the manifest, after its own header agreed with what the control file says of it (rule 128). */
export async function recordMerged(file: RmanFile, seen: SeenCopies, context: StepContext): Promise<void> {
  const { world, plan, results, hosts } = context;
  const copy = seen.copies.find((one) => one.file === file.file && one.path === file.target);
  if (copy === undefined) throw new UmbraError("UMB-1001", { what: `no copy of datafile ${file.file}` });
  const stat = await world.backupHost.stat(file.target, hosts);
  if (stat?.kind !== "file")
    throw new UmbraError("UMB-9001", { path: file.target, problems: ["it is not there"], rule: 128 });
  const range = { offset: 0, length: 2 * file.blockSize };
  const head = await world.backupHost.read(file.target, range, hosts);
  const header = agreeing(head, file, copy, context);
  const created = formatScn(file.creationScn);
  const now = seen.datafiles.find((one) => one.file === file.file && one.creationScn === file.creationScn);
  const before = areaPlan(context).previous?.datafiles.find(
    (one) => one.file === file.file && one.creationScn === created,
  );
  const record: RefreshedDatafile = {
    name: file.target.slice(plan.directory.length + 1),
    bytes: stat.bytes,
    file: file.file,
    creationScn: created,
    relativeFile: file.relativeFile,
    bigfile: file.bigfile,
    container: file.container,
    tablespace: file.tablespace,
    source: now?.path ?? file.path,
    blockSize: file.blockSize,
    mode: "rman",
    needsRecovery: file.needsRecovery,
    checkpointScn: formatScn(copy.checkpointScn),
    hotBackup: header.status.hotBackup,
    resetlogsScn: formatScn(header.resetlogsScn),
    blocks: {},
    recoverFrom: formatScn(isAtRest(now, copy) ? seen.seenAt : copy.checkpointScn),
    usableFrom: formatScn(usableFrom(copy)),
    madeBy: file.how === "merge" ? (before?.madeBy ?? plan.run) : plan.run,
    refreshedBy: plan.run,
  };
  results.area.merged.push(record);
}

/** Nobody writes the file, and the copy is what it is: redo for it is needed from now on only. */
function isAtRest(now: DatafileFacts | undefined, { checkpointScn }: RmanCopy): boolean {
  return now?.header?.fuzzy === false && now.checkpointScn === checkpointScn;
}

function agreeing(head: Uint8Array, file: RmanFile, copy: RmanCopy, { plan }: StepContext): DatafileHeader {
  const read = readDatafileHeader(head);
  if (!read.ok) throw new UmbraError("UMB-9001", { path: file.target, problems: [read.reason], rule: 128 });
  const header = read.value;
  const { dbid, cdb } = plan.facts.identity;
  const compared: readonly (readonly [string, string, string])[] = [
    ["file number", String(header.file), String(file.file)],
    ["creation SCN", formatScn(header.creationScn), formatScn(file.creationScn)],
    ["checkpoint SCN", formatScn(header.checkpoint.scn), formatScn(copy.checkpointScn)],
    // Files of pluggable databases may carry the DBID of their container.
    ...(cdb ? [] : [["DBID", header.dbid, dbid] as const]),
  ];
  const problems = compared
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `its ${what} is ${found}, not ${wanted}`);
  if (problems.length > 0) throw new UmbraError("UMB-9001", { path: file.target, problems, rule: 128 });
  return header;
}
