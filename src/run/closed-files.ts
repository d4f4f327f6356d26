import { type FilePath, ROOT } from "../domain/names.ts";
import { formatScn, maxScn, type Scn } from "../domain/scn.ts";
import type { ClosedFile } from "../domain/step.ts";
import { type DatafileHeader, readDatafileHeader } from "../formats/datafile-header.ts";
import type { Host, HostOptions } from "../ports/host.ts";
import type { ProvedFile } from "./cold-results.ts";

/** Block 0 and block 1 of a file with the largest blocks that Oracle has are 64 KiB. */
const HEAD_BLOCKS = 2;

export interface HeaderExpectation {
  readonly dbid: string;
  readonly resetlogsScn: Scn;
  /** Files in containers get the DBID of their container. */
  readonly cdb: boolean;
  /** Checkpoints of files at rest move on a standby until it is closed. */
  readonly standby: boolean;
}

export function readHead(
  host: Host,
  path: FilePath,
  blockSize: number,
  options: HostOptions,
): Promise<Buffer> {
  return host.read(path, { offset: 0, length: HEAD_BLOCKS * blockSize }, options);
}

/** What the header of one closed file says against it (rules 18, 128). */
export function headerProblems(
  file: ClosedFile,
  head: Uint8Array,
  expected: HeaderExpectation,
): { readonly header?: DatafileHeader; readonly problems: readonly string[] } {
  const parsed = readDatafileHeader(head);
  const named = (problem: string) => `datafile ${file.file} (${file.path}): ${problem}`;
  if (!parsed.ok) return { problems: [named(parsed.reason)] };
  const header = parsed.value;
  const wrong = (what: string, found: string | number, wanted: string | number) =>
    found === wanted ? [] : [named(`its ${what} is ${found}, not ${wanted}`)];
  const problems = [
    ...(expected.cdb && file.container !== ROOT ? [] : wrong("DBID", header.dbid, expected.dbid)),
    ...wrong("file number", header.file, file.file),
    ...wrong("creation SCN", formatScn(header.creationScn), formatScn(file.creationScn)),
  ];
  if (file.state === "offline-needs-recovery") return { header, problems };
  return {
    header,
    problems: [
      ...problems,
      ...(header.status.fuzzy ? [named("its header says that it needs recovery")] : []),
      ...(file.state === "checkpointed"
        ? wrong("resetlogs SCN", formatScn(header.resetlogsScn), formatScn(expected.resetlogsScn))
        : []),
      ...(file.state === "at-rest" && !expected.standby
        ? wrong("checkpoint SCN", formatScn(header.checkpoint.scn), formatScn(file.checkpointScn))
        : []),
    ],
  };
}

/**
 * Files that SHUTDOWN checkpointed have one checkpoint in each container (rule 19): pluggable databases are closed one
 * after the other, the root last.
 */
export function checkpointProblems(
  files: readonly ClosedFile[],
  proved: ReadonlyMap<number, ProvedFile>,
): readonly string[] {
  const byContainer = new Map<string, Map<Scn, number[]>>();
  for (const { file, container, state } of files) {
    const found = proved.get(file);
    if (state !== "checkpointed" || found === undefined) continue;
    const { scn } = found.header.checkpoint;
    const scns = byContainer.get(container) ?? new Map<Scn, number[]>();
    byContainer.set(container, scns.set(scn, [...(scns.get(scn) ?? []), file]));
  }
  return [...byContainer].flatMap(([container, scns]) => {
    if (scns.size < 2) return [];
    const parts = [...scns].map(([scn, numbers]) => `${formatScn(scn)} (datafile ${numbers.join(", ")})`);
    return [`${container}: its files have several checkpoints: ${parts.join(", ")}`];
  });
}

/** The SCN at which the database was closed. */
export function closedAt(
  files: readonly ClosedFile[],
  proved: ReadonlyMap<number, ProvedFile>,
): Scn | undefined {
  const scnOf = ({ file }: ClosedFile) => proved.get(file)?.header.checkpoint.scn ?? [];
  const written = files.filter((file) => file.state === "checkpointed").flatMap(scnOf);
  const rest = files.filter((file) => file.state === "at-rest").flatMap(scnOf);
  return maxScn(written) ?? maxScn(rest);
}
