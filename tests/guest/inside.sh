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

# eventually SECONDS COMMAND…: tries until it succeeds. The seconds are those of a machine at rest; a busy one gets more.
eventually() {
  local deadline=$((SECONDS + 5 * $1))
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

as() { local user=$1; shift; setpriv --reuid "$user" --regid "$user" --init-groups -- "$@"; }

# The resident logs in at the seat, as a person at the machine's first terminal.
log_in() {
  sed -i 's/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT 1200/' /etc/login.defs # it runs until the user's manager is up
  mkdir -p /run/systemd/system/getty@tty1.service.d
  printf '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin resident --noclear %%I linux\nRestart=no\n' \
    >/run/systemd/system/getty@tty1.service.d/autologin.conf
  systemctl daemon-reload
  systemctl start getty@tty1.service
}
log_out() {
  systemctl stop getty@tty1.service
  loginctl terminate-user resident
}
at_the_seat() { loginctl list-sessions --no-legend | grep -q 'resident *seat0'; }

# The driver and the rules, where the package puts them.
cp -r "$TWCARD_BUILD/ifd-ez100pu.bundle" /usr/lib/pcsc/drivers/
cp "$TWCARD_BUILD/udev/69-twcard-readers.rules" /usr/lib/udev/rules.d/
cp udev/twcard-readers.sysusers.conf /usr/lib/sysusers.d/twcard-readers.conf
cp udev/twcard-readers.rules /usr/share/polkit-1/rules.d/60-twcard-readers.rules
systemd-sysusers
udevadm control --reload
udevadm trigger --action=add --subsystem-match=usb
udevadm settle
systemctl restart pcscd.socket
# Copies, for users who may not reach the folder of the build.
install -m 755 "$TWCARD_BUILD/bin/twcard" "$TWCARD_BUILD/tests/pcsc_exercise" /usr/local/bin/
export exercise=/usr/local/bin/pcsc_exercise
