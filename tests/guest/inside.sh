# shellcheck shell=bash
# Shell functions for scripts that run in the guest; sourced. Sets up what an installed package would.
failed=0
checks=0

# check TEXT COMMAND…: counts and prints; the output of what fails is shown.
check() {
  local text=$1 output
  shift
  checks=$((checks + 1))
  if output=$("$@" 2>&1); then
    printf 'ok - %s\n' "$text"
  else
    failed=$((failed + 1))
    printf 'FAILED - %s\n%s\n' "$text" "$output"
  fi
}

# eventually SECONDS COMMAND…: tries until it succeeds.
eventually() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { "$@"; return 1; }
    sleep 0.2
  done
}

not() { ! "$@"; }

# sim ORDER…: one line to the readers' simulator; prints its answer.
sim() {
  local answer
  printf '%s\n' "$*" >&9
  IFS= read -r -t 20 answer <&9 || { echo "the simulator does not answer to: $*"; return 1; }
  printf '%s\n' "${answer#ok }"
  [[ $answer == ok* ]] || return 1
}

summary() {
  printf '%d checks, %d failed\n' "$checks" "$failed"
  [ $failed -eq 0 ]
}

exec 9<>/dev/virtio-ports/twcard.readers

# The driver and the rules, where the package puts them.
cp -r "$TWCARD_BUILD/ifd-ez100pu.bundle" /usr/lib/pcsc/drivers/
cp "$TWCARD_BUILD/udev/69-twcard-readers.rules" /usr/lib/udev/rules.d/
cp udev/twcard-readers.sysusers.conf /usr/lib/sysusers.d/twcard-readers.conf
systemd-sysusers
udevadm control --reload
udevadm trigger --action=add --subsystem-match=usb
udevadm settle
systemctl restart pcscd.socket
export exercise=$TWCARD_BUILD/tests/pcsc_exercise
