import type { CatalogCommand, Datafiles, Selection, ValidateCommand } from "./commands.ts";
import { tagOf } from "./read-backup.ts";
import type { Words } from "./words.ts";

/** What DELETE, CROSSCHECK, CHANGE and LIST are about; `until` ends it. */
export function readSelection(words: Words, until?: string): Selection {
  let noprompt = words.accept("noprompt");
  const of = kindOf(words);
  let files: Datafiles = "database";
  let tag: string | undefined;
  const named: string[] = [];
  while (!words.ended && words.next !== until) {
    if (words.accept("of database")) files = "database";
    else if (words.accept("of datafile")) files = words.list();
    else if (words.accept("tag")) tag = tagOf(words);
    else if (words.accept("noprompt")) noprompt = true;
    else if (words.accept("device type disk") || words.accept("summary")) continue;
    else named.push(...words.list());
  }
  return { of, files, tag, named, noprompt };
}

function kindOf(words: Words): Selection["of"] {
  if (words.accept("backuppiece")) return "pieces";
  if (words.accept("backupset") || words.accept("backup")) return "sets";
  if (words.accept("datafilecopy") || words.accept("copy")) return "copies";
  throw words.unexpected();
}

export function readCatalog(words: Words): CatalogCommand {
  if (words.accept("start with")) {
    const prefix = words.value();
    return { what: "start-with", prefix, noprompt: words.accept("noprompt") };
  }
  words.expect("datafilecopy");
  const paths = words.list();
  let level: 0 | null = null;
  let tag: string | undefined;
  while (!words.ended) {
    if (words.accept("level")) {
      if (words.number() !== 0) throw words.unexpected();
      level = 0;
    } else if (words.accept("tag")) tag = tagOf(words);
    else throw words.unexpected();
  }
  return { what: "datafilecopy", paths, level, tag };
}

export function readValidate(words: Words): ValidateCommand {
  words.accept("check logical");
  if (words.accept("database")) return { of: "datafiles", files: "database" };
  if (words.accept("datafile")) return { of: "datafiles", files: words.list() };
  words.expect("datafilecopy");
  if (words.accept("tag")) return { of: "copies", tag: tagOf(words), named: [] };
  return { of: "copies", tag: undefined, named: words.list() };
}
