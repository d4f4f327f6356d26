import type { FilePath } from "../src/domain/names.ts";
import type { PictureTaker } from "../src/ports/picture.ts";

export interface PicturePlace {
  /** What lies below it, is this taker's. */
  readonly path: FilePath;
  readonly taker: PictureTaker;
}

/**
 * One picture of files that lie on several storages: each file belongs to the place that is nearest above it, and to
 * `otherwise` where none is. Contract: `PictureTaker`.
 */
export function picturesByPlace(places: readonly PicturePlace[], otherwise: PictureTaker): PictureTaker {
  const nearestFirst = places.toSorted((a, b) => b.path.length - a.path.length);
  const takerOf = (file: FilePath) =>
    nearestFirst.find(({ path }) => path === "/" || file.startsWith(`${path}/`))?.taker ?? otherwise;
  const parts = (files: readonly FilePath[]) => Map.groupBy(files, takerOf);
  return {
    whyNot: async (files, call) => {
      for (const [taker, own] of parts(files)) {
        const why = await taker.whyNot(own, call);
        if (why !== undefined) return why;
      }
      return undefined;
    },
    take: async (name, files, call) => {
      const taken = new Map<FilePath, FilePath>();
      for (const [taker, own] of parts(files)) {
        for (const [file, copy] of (await taker.take(name, own, call)).files) taken.set(file, copy);
      }
      return { files: taken };
    },
    remove: async (name, files, call) => {
      const removals = [...parts(files)].map(([taker, own]) => taker.remove(name, own, call));
      const failed = (await Promise.allSettled(removals)).find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    },
  };
}
