import type { BackupCommand, RecoverCopyCommand } from "./commands.ts";
import type { Words } from "./words.ts";

type Draft = { -readonly [K in keyof BackupCommand]?: BackupCommand[K] };
type Option = readonly [phrase: string, read: (draft: Draft, words: Words) => void];

/** Tags are upper case in the repository, however they were written (rule 81). */
export const tagOf = (words: Words): string => words.value().toUpperCase();

/** Options of BACKUP in any order, longest first where one begins like another. */
const options: readonly Option[] = [
  ["as compressed backupset", () => undefined],
  ["as backupset", () => undefined],
  ["as copy", (draft) => void (draft.asCopy = true)],
  ["incremental level", (draft, words) => void (draft.level = levelOf(words))],
  ["cumulative", () => undefined],
  ["full", () => undefined],
  ["force", () => undefined],
  ["noexclude", () => undefined],
  ["check logical", () => undefined],
  ["reuse", (draft) => void (draft.reuse = true)],
  ["device type disk", () => undefined],
  ["channel", (_draft, words) => void words.value()],
  [
    "for recover of copy",
    (draft, words) => {
      draft.forRecoverOfCopy = true;
      if (words.accept("with tag")) draft.copyTag = tagOf(words);
    },
  ],
  ["datafilecopy format", (draft, words) => void (draft.copyFormat = words.value())],
  ["tag", (draft, words) => void (draft.tag = equalled(words).toUpperCase())],
  ["format", (draft, words) => void (draft.format = equalled(words))],
  ["filesperset", (draft, words) => void (draft.filesPerSet = words.number())],
  ["section size", (draft, words) => void (draft.sectionBytes = words.size())],
  ["database", (draft) => void (draft.what = "database")],
  ["datafile", (draft, words) => void (draft.what = words.list())],
  ["current controlfile", (draft) => void (draft.what = "controlfile")],
  ["spfile", (draft) => void (draft.what = "spfile")],
];

export function readBackup(words: Words): BackupCommand {
  const draft: Draft = {};
  while (!words.ended) {
    const option = options.find(([phrase]) => words.accept(phrase));
    if (option === undefined) throw words.unexpected();
    option[1](draft, words);
  }
  const { what } = draft;
  if (what === undefined) throw words.unexpected();
  return {
    level: draft.level,
    asCopy: draft.asCopy ?? false,
    forRecoverOfCopy: draft.forRecoverOfCopy ?? false,
    copyTag: draft.copyTag,
    copyFormat: draft.copyFormat,
    tag: draft.tag,
    format: draft.format,
    sectionBytes: draft.sectionBytes,
    filesPerSet: draft.filesPerSet ?? 64,
    reuse: draft.reuse ?? false,
    what,
  };
}

function levelOf(words: Words): 0 | 1 {
  words.accept("=");
  const level = words.number();
  if (level !== 0 && level !== 1) throw words.unexpected();
  return level;
}

function equalled(words: Words): string {
  words.accept("=");
  return words.value();
}

/** RECOVER COPY OF …: other forms of RECOVER are not known here. */
export function readRecover(words: Words): RecoverCopyCommand {
  words.expect("copy of");
  const files = words.accept("database") ? ("database" as const) : datafiles(words);
  let tag: string | undefined;
  let untilScn: bigint | undefined;
  while (!words.ended) {
    if (words.accept("with tag")) tag = tagOf(words);
    else if (words.accept("until scn")) untilScn = BigInt(words.number());
    else throw words.unexpected();
  }
  return { files, tag, untilScn };
}

function datafiles(words: Words): readonly string[] {
  words.expect("datafile");
  return words.list();
}
