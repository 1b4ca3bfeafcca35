# Shell functions shared by the scripts; sourced with $here set to the project's root.

say() { printf '== %s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# The comment at the script's beginning.
usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; }

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

# put_table FILE DOCUMENT NAME: what stands between the document's markers of that name becomes the file's content.
put_table() {
  grep -q "<!-- $3 begins -->" "$2" || fail "$2 has no markers <!-- $3 begins --> and <!-- $3 ends -->"
  awk -v table="$1" -v begins="<!-- $3 begins -->" -v ends="<!-- $3 ends -->" '
    $0 == ends { hidden = 0 }
    !hidden { print }
    $0 == begins { hidden = 1; while ((getline line < table) > 0) print line }
  ' "$2" >"$2.new"
  mv "$2.new" "$2"
}
