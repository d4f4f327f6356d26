#!/bin/sh
# Installs the system programs that only some tests need. As root on Debian; elsewhere it does nothing,
# and those tests are skipped with a line that names the missing program.
set -eu
packages="systemd openssh-server rsync zfs-fuse btrfs-progs xfsprogs e2fsprogs chromium python3-oracledb tshark"
[ "$(id -u)" = 0 ] || exit 0
command -v apt-get >/dev/null 2>&1 || exit 0
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "installing for the tests:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# Daemons of these packages must not start: the tests start their own.
policy=/usr/sbin/policy-rc.d
made=""
if [ ! -e "$policy" ]; then printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=yes; fi
trap '[ -n "$made" ] && rm -f "$policy"; rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
