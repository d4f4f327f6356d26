/** What GNU and POSIX tools print for an errno in the C locale, at the end of their message. */
const TEXTS: readonly (readonly [text: string, errno: string])[] = [
  ["No such file or directory", "ENOENT"],
  ["Not a directory", "ENOTDIR"],
  ["Permission denied", "EACCES"],
  ["Operation not permitted", "EPERM"],
  ["Directory not empty", "ENOTEMPTY"],
  ["File exists", "EEXIST"],
  ["Is a directory", "EISDIR"],
  // mv says this in its own words.
  ["with non-directory", "EISDIR"],
  ["No space left on device", "ENOSPC"],
  ["Disk quota exceeded", "EDQUOT"],
  ["Read-only file system", "EROFS"],
  ["Input/output error", "EIO"],
  ["Stale file handle", "ESTALE"],
  ["File name too long", "ENAMETOOLONG"],
  ["Too many levels of symbolic links", "ELOOP"],
  ["File too large", "EFBIG"],
  ["Device or resource busy", "EBUSY"],
  ["Argument list too long", "E2BIG"],
];

/** The errno behind the last message on standard error; undefined for words that are not known. */
export function errnoOfText(stderr: string): string | undefined {
  const text = stderr.trimEnd();
  return TEXTS.find(([ending]) => text.endsWith(ending))?.[1];
}
