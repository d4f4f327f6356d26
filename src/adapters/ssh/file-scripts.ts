/**
 * What the account's shell does for each file operation. Constants: names come as $1, $2 …, never into the text.
 * GNU coreutils 8.16 (Oracle Linux 7) and findutils are enough. Paths are absolute, so no name looks like an option.
 */
export const scripts = {
  /** Raw mode in hexadecimal, bytes, seconds with three decimals, device. */
  stat: `exec stat -L --printf='%f %s %.3Y %d' -- "$1"`,
  /** `/.`: what a symbolic link points to, and an error for what is no directory. Each name ends with NUL. */
  list: `exec find "$1/." -mindepth 1 -maxdepth 1 -printf '%f\\0'`,
  /** $2 offset, $3 length. nonblock: a named pipe would hold the open for ever. */
  read: `exec dd if="$1" iflag=skip_bytes,count_bytes,fullblock,nonblock skip="$2" count="$3" bs=64K status=none`,
  /**
   * $1 final name, $2 temporary name, $3 its directory, $4 bytes. A connection that is cut ends the input early: the
   * size tells it from the whole content. Then nobody reads standard error any more, hence the trap for PIPE.
   */
  write: `umask 027
trap 'rm -f -- "$2"' EXIT
trap 'exit 1' HUP INT TERM PIPE
dd of="$2" bs=64K conv=excl,fsync status=none || exit 1
[ "$(stat -c %s -- "$2")" = "$4" ] || { echo 'input was cut' >&2; exit 1; }
mv -fT -- "$2" "$1" || exit 1
exec sync -- "$3"`,
  /** All ancestors from the top down, the directory itself last. Each new name is made durable. */
  makeDirectory: `umask 027
for d; do
  p=\${d%/*}/
  [ -d "$d" ] && continue
  mkdir -- "$d" || [ -d "$d" ] || exit 1
  sync -- "$p" || exit 1
done
sync -- "$d" || exit 1
[ ! -r "$p" ] || exec sync -- "$p"`,
  remove: `if [ -d "$1" ] && [ ! -L "$1" ]; then exec rmdir -- "$1"; fi
exec rm -f -- "$1"`,
  /** Blocks an ordinary user may still write, and their size. */
  freeBytes: `exec stat -f -c '%a %S' -- "$1"`,
} as const;
