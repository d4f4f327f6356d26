/** One word of a POSIX shell, whatever is in it but NUL: nothing is special between single quotes but the quote itself. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
