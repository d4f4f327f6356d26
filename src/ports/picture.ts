import type { FilePath } from "../domain/names.ts";

export interface PictureCall {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

export interface Picture {
  /** Where each file can be read as it was, until the picture is removed. */
  readonly files: ReadonlyMap<FilePath, FilePath>;
}

/**
 * Keeps files of the database host as they are, at once whatever their size: by snapshots, or by reflinks. Nothing writes
 * the files while it is taken. Pictures carry umbra's own tag: what is not tagged is neither read nor removed.
 * Errors: `UmbraError` UMB-6xxx of the storage, UMB-7xxx of its host.
 */
export interface PictureTaker {
  /** Why an instantaneous picture of these files cannot be had, for people; undefined where it can. */
  whyNot(files: readonly FilePath[], call: PictureCall): Promise<string | undefined>;
  /** Resolves when the picture is on stable storage. Taken already under this name: the same picture. */
  take(name: string, files: readonly FilePath[], call: PictureCall): Promise<Picture>;
  /** Removes what was taken, or half taken, under this name from where the files are. Gone already is success. */
  remove(name: string, files: readonly FilePath[], call: PictureCall): Promise<void>;
}
