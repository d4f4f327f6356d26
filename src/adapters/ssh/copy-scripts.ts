/**
 * Copying by the tools of a host without umbra. Constants: names come as $1, $2 …, never into the text. GNU coreutils
 * 8.22 (Oracle Linux 7). Each piece that is done is told in a line with the bytes so far; the write of that line fails
 * where the connection was cut, and the trap removes what is half-made.
 */
export const copyScripts = {
  /**
   * $1 source, $2 part, $3 bytes, $4 bytes of a piece, $5 bytes of block 0 on standard input, 0: none. Status 3: the
   * part's name is taken; 4: it cannot be created; 5: a piece failed; 6: it is not durable. Past the page cache where the
   * file systems can: as fast, at a tenth of the CPU, and the database keeps its cache.
   */
  copy: `umask 027
[ ! -L "$2" ] && { [ ! -e "$2" ] || [ -f "$2" ]; } || exit 3
rm -f -- "$2" || exit 4
dd if=/dev/null of="$2" conv=excl status=none || exit 4
trap 'rm -f -- "$2"' EXIT
trap 'exit 1' HUP INT TERM PIPE
b=1M r= w=
if [ "$3" -ge 1048576 ]; then
  dd if="$1" of=/dev/null bs=4096 count=1 iflag=direct status=none 2>/dev/null && r=,direct
  dd if=/dev/zero of="$2" bs=4096 count=1 oflag=direct conv=notrunc status=none 2>/dev/null && w=,direct
  [ "$r$w" != ,direct,direct ] || b=8M
fi
o=0
while [ "$o" -lt "$3" ]; do
  n=$(($3 - o))
  [ "$n" -le "$4" ] || n=$4
  [ $((n % 4096)) -eq 0 ] || r= w=
  dd if="$1" of="$2" bs="$b" iflag=skip_bytes,count_bytes,fullblock,nonblock"$r" oflag=seek_bytes"$w" \\
    conv=notrunc,nocreat skip="$o" seek="$o" count="$n" status=none || exit 5
  o=$((o + n))
  echo "$o"
done
[ "$5" -eq 0 ] || dd of="$2" bs="$5" count=1 iflag=fullblock conv=notrunc,nocreat status=none || exit 6
dd if=/dev/null of="$2" conv=notrunc,nocreat,fsync status=none || exit 6
trap - EXIT`,
  /** $1 source, $2 part, $3 block size, then the numbers of blocks. Statuses as above. */
  copyAgain: `s=$1 p=$2 b=$3
shift 3
for n; do
  dd if="$s" of="$p" bs="$b" skip="$n" seek="$n" count=1 iflag=fullblock conv=notrunc,nocreat status=none || exit 5
  echo 1
done
dd if=/dev/null of="$p" conv=notrunc,nocreat,fsync status=none || exit 6`,
  /** $1 file, $2 bytes, $3 bytes of a piece. Progress goes to standard error; fewer bytes than asked are a failure. */
  hash: `r=
dd if="$1" of=/dev/null bs=4096 count=1 iflag=direct status=none 2>/dev/null && r=,direct
o=0
while [ "$o" -lt "$2" ]; do
  n=$(($2 - o))
  [ "$n" -le "$3" ] || n=$3
  [ $((n % 4096)) -eq 0 ] || r=
  dd if="$1" bs=1M iflag=skip_bytes,count_bytes,fullblock"$r" skip="$o" count="$n" status=none || exit 5
  o=$((o + n))
  echo "$o" >&2
done | sha256sum`,
  /** $1 final name, $2 part, $3 its directory. */
  publish: `mv -fT -- "$2" "$1" || exit 1
exec sync -- "$3"`,
} as const;
