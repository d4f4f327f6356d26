#!/bin/sh
# Installs the locked packages where node_modules is absent or older than the lock file.
set -eu
cd "$(dirname "$0")/.."
installed=node_modules/.package-lock.json
if [ ! -f "$installed" ] || [ package-lock.json -nt "$installed" ] || [ ! -x node_modules/.bin/node ]; then
  echo "installing the locked packages (npm ci)" >&2
  npm ci --no-audit --no-fund >&2
  touch "$installed"
fi
