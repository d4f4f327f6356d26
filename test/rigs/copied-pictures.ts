import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { FilePath } from "../../src/domain/names.ts";
import type { PictureTaker } from "../../src/ports/picture.ts";

export interface CopiedPictures extends PictureTaker {
  /** Pictures that are there now. */
  readonly there: ReadonlySet<string>;
}

/** A storage that claims to be instant: it copies the files below `<directory of the file>/.picture-<name>`. */
export function copiedPictures(): CopiedPictures {
  const there = new Set<string>();
  const place = (name: string, file: FilePath) =>
    join(dirname(file), `.picture-${name}`, basename(file)) as FilePath;
  return {
    there,
    whyNot: () => Promise.resolve(undefined),
    take: (name, files) => {
      there.add(name);
      for (const file of files) {
        const target = place(name, file);
        mkdirSync(dirname(target), { recursive: true });
        if (!existsSync(target)) copyFileSync(file, target);
      }
      return Promise.resolve({ files: new Map(files.map((file) => [file, place(name, file)])) });
    },
    remove: (name, files) => {
      for (const file of files) rmSync(dirname(place(name, file)), { recursive: true, force: true });
      there.delete(name);
      return Promise.resolve();
    },
  };
}
