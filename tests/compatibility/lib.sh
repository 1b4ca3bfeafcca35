# What the clients' files share; sourced by run, in a folder of the client's own.

module=$TWCARD_PKCS11_MODULE
pin=$TWCARD_TEST_PIN
token='pkcs11:token=HiCOS%20PKI%20Smart%20Card'
sign_id=5349474E   # "SIGN"
keyx_id=4B455958   # "KEYX"

# A person without any settings.
export HOME=$PWD/home XDG_CONFIG_HOME=$PWD/home/.config
unset XDG_DATA_HOME XDG_CACHE_HOME
# OpenSC 0.23 waits for itself without end when a card is reset while it looks what card that is, and it looks at every
# reader of every program that loads p11-kit's proxy: docs/pkcs11.md, "Beside OpenSC".
mkdir -p "$HOME" "$XDG_CONFIG_HOME/pkcs11/modules"
echo 'enable-in: none' >"$XDG_CONFIG_HOME/pkcs11/modules/opensc-pkcs11.module"
echo 'what is signed' >data
: >rows
: >failures

# client NAME VERSION: what the rows after it are about.
client() { name=$1 version=$2; }
# The version of the Debian package that a program is from.
debian() { dpkg-query -W -f '${Version}' "$1"; }

# row WHAT COMMAND…: runs it, stopping at its first failing command.
row() {
  local what=$1 result=ok
  shift
  # Not in an `if`: that would switch -e off inside the command.
  (background_pids=; trap end_background EXIT; set -euxo pipefail; "$@") >row.log 2>&1 </dev/null
  local status=$?
  if [ $status -ne 0 ]; then
    result=FAILED
    { echo "-- $name: $what (status $status)"; tail -n 40 row.log; } >>failures
  fi
  printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$what" "$result" >>rows
}

# The certificates and public keys of the card, by way of the card service: sign.pem, sign.pub, keyx.pem, keyx.pub; the
# simulated authority's certificates in chain.pem.
certificates() {
  twcard certs --out . >/dev/null
  mv SIGN.pem sign.pem
  mv KEYX.pem keyx.pem
  openssl x509 -in sign.pem -pubkey -noout >sign.pub
  openssl x509 -in keyx.pem -pubkey -noout >keyx.pub
  cat "$TWCARD_TEST_CA" "$TWCARD_TEST_ISSUER" >chain.pem
}
certificates

# good_signature FILE HASH [openssl options…]: OpenSSL finds it right for data.
good_signature() { openssl dgst "-$2" -verify sign.pub -signature "$1" "${@:3}" data; }

# Runs it as a person who is not root to any look of the program's: p11-kit reads no settings of root's.
as_person() { unshare --user --map-user=1000 --map-group=1000 -- "$@"; }

# until_true COMMAND…: waits at most 40 s for it to succeed.
until_true() {
  local - deadline=$((SECONDS + 40))
  set +x
  until "$@" &>/dev/null; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.05
  done
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# background COMMAND…: until the end of the row.
background() {
  "$@" &
  background_pids="$background_pids $!"
}
# shellcheck disable=SC2086
end_background() {
  [ -n "$background_pids" ] || return 0
  kill $background_pids || true
  wait $background_pids || true
  background_pids=
}

# A web site's certificate for localhost, and the authority that it is from: site.pem, site.key, site-ca.pem.
site_certificate() {
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2)
  openssl req -x509 "${key[@]}" -subj '/CN=Authority of a site' -keyout site-ca.key -out site-ca.pem \
    -addext keyUsage=critical,keyCertSign
  openssl req -x509 -CA site-ca.pem -CAkey site-ca.key "${key[@]}" -subj /CN=localhost -keyout site.key -out site.pem \
    -addext subjectAltName=DNS:localhost -addext basicConstraints=CA:FALSE
}

# serve_openssl PORT VERSION: openssl s_server that wants a certificate of the simulated authority, by TLS VERSION (1.2
# or 1.3; or all of them). Its page tells what it thinks of it.
serve_openssl() {
  site_certificate
  background openssl s_server -accept "$1" -key site.key -cert site.pem -CAfile chain.pem -Verify 3 -verify_return_error \
    -www ${2:+-tls${2/./_}}
  until_true listens "$1"
}

# serve_nginx PORT PORT: sites at https://localhost that want a certificate of the simulated authority, the first by
# TLS 1.2, which sends on to the second, by TLS 1.3. Visitors are written to access.log.
serve_nginx() {
  site_certificate
  cat >nginx.conf <<CONF
daemon off; pid $PWD/nginx.pid; error_log $PWD/nginx.log; user root;
events {}
http {
  log_format who '\$ssl_protocol \$ssl_client_verify \$ssl_client_s_dn';
  access_log $PWD/access.log who;
  client_body_temp_path $PWD/body; proxy_temp_path $PWD/proxy; fastcgi_temp_path $PWD/fastcgi;
  uwsgi_temp_path $PWD/uwsgi; scgi_temp_path $PWD/scgi;
  ssl_certificate $PWD/site.pem; ssl_certificate_key $PWD/site.key;
  ssl_client_certificate $PWD/chain.pem; ssl_verify_depth 3; ssl_verify_client on;
  server { listen 127.0.0.1:$1 ssl; ssl_protocols TLSv1.2; return 302 https://localhost:$2/; }
  server { listen 127.0.0.1:$2 ssl; ssl_protocols TLSv1.3; return 200 "signed in\n"; }
}
CONF
  background nginx -c "$PWD/nginx.conf"
  until_true listens "$2"
}
# signed_in PROTOCOL: whether the owner of the card was there.
signed_in() { grep "^$1 SUCCESS .*CN=.*,C=TW" access.log; }
