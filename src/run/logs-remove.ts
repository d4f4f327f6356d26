import { realPaths } from "../discover/real-paths.ts";
import type { LogMark } from "../domain/log-prune.ts";
import type { FilePath } from "../domain/names.ts";
import { liveLogs } from "../plan/archive-parameters.ts";
import { below } from "../plan/backup-layout.ts";
import { keyText } from "../plan/expected-logs.ts";
import type { HostOptions } from "../ports/host.ts";
import { eachOf } from "./each-of.ts";
import { readLogFile } from "./logs-area.ts";
import type { World } from "./world.ts";

type Removing = Pick<World, "backupHost" | "database" | "signal">;

/** Logs removed at once: over ssh each takes several round trips. */
const WIDTH = 8;

export interface LogsRemoved {
  /** Seen to be gone. */
  readonly gone: readonly LogMark[];
  /** Not recognised: they stay, and are not to be removed any more. */
  readonly spared: readonly LogMark[];
  readonly problems: readonly { readonly path: FilePath; readonly problem: string }[];
}

/**
 * Removes logs, each only after its header said that it is the one that was marked, only in the log directory itself, and
 * never through a symbolic link; then looks whether it is gone. One that is another file now stays, and is a problem. May
 * be called again whenever it died. Errors: UMB-7xxx of the host: they concern the next log as well.
 */
export async function removeLogs(world: Removing, marks: readonly LogMark[]): Promise<LogsRemoved> {
  const { backupHost: host, database, signal } = world;
  const options: HostOptions = { deadlineMs: database.deadlines.statementMs, signal };
  const elsewhere = await whyElsewhere(world, marks, options);
  const gone: LogMark[] = [];
  const spared: LogMark[] = [];
  const problems: { path: FilePath; problem: string }[] = [];
  await eachOf(marks, WIDTH, signal, async (mark) => {
    const { path } = mark;
    const problem = elsewhere.get(path) ?? (await whyAnother(world, mark, options));
    if (problem !== undefined) {
      spared.push(mark);
      problems.push({ path, problem });
      return;
    }
    await host.remove(path, options);
    if ((await host.stat(path, options)) === undefined) gone.push(mark);
    else problems.push({ path, problem: "it was removed, and is there still" });
  });
  return { gone, spared, problems };
}

/** Of each path that does not lie in the log directory itself, or that nobody can tell it of. */
async function whyElsewhere(
  { backupHost, database: { backupArea } }: Removing,
  marks: readonly LogMark[],
  options: HostOptions,
): Promise<ReadonlyMap<FilePath, string>> {
  const directory = liveLogs(backupArea);
  const paths = marks.map(({ path }) => path);
  const real = await realPaths(backupHost, [backupArea, directory, ...paths], options);
  const area = real.get(backupArea);
  const inside = directory.slice(backupArea.length);
  return new Map(
    paths.flatMap((path): [FilePath, string][] => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const isPlain = name !== "" && name !== "." && name !== ".." && below(directory, name) === path;
      if (!isPlain) return [[path, `it does not lie in ${directory}`]];
      const found = real.get(path);
      if (area === undefined || found === undefined) {
        return [[path, "the host has no GNU realpath, which tells of symbolic links"]];
      }
      const wanted = `${area}${inside}/${name}`;
      return found === wanted ? [] : [[path, `a symbolic link leads from it to ${found}`]];
    }),
  );
}

/** In what the file is not the log that was marked. Gone already: nothing. */
async function whyAnother(
  { backupHost }: Removing,
  mark: LogMark,
  options: HostOptions,
): Promise<string | undefined> {
  const file = await readLogFile(backupHost, mark.path, options);
  if (file === undefined) return undefined;
  if (file.kind === "strange") return file.problem;
  if (file.problems.length > 0) return file.problems.join("; ");
  const isSame =
    file.dbid === mark.dbid &&
    file.incarnation === mark.incarnation &&
    file.thread === mark.thread &&
    file.sequence === mark.sequence &&
    file.firstScn === mark.firstScn &&
    file.nextScn === mark.nextScn;
  return isSame
    ? undefined
    : `it is ${keyText(file)} of DBID ${file.dbid} now, and ${keyText(mark)} was to go`;
}
