# Shell functions shared by the scripts; sourced with $here set to the project's root.

say() { printf '== %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Runs a command as root: directly, or with sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "needs root or sudo: $*"
  fi
}

node_major() { PATH=$(node_path) node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/;t;s/.*/0/' | grep . || echo 0; }

# PATH with the Node.js below build/node in front where install-packages had to put one there.
node_path() { printf '%s' "$here/build/node/node_modules/node/bin:$PATH"; }
