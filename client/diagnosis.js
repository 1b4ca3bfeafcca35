// Why a connection could not be opened, from the little that browsers tell (docs/integrators.md has the table).

// A service that is there opens the connection in a few milliseconds. Past this the browser is asking the person.
export const HINT_AFTER_MS = 700;
// Two names in the order of age: the second is that of earlier Chromium versions.
const PERMISSIONS = ['loopback-network', 'local-network-access'];

// The browser's permission for programs on this computer; null where the browser knows none.
async function loopbackPermission() {
  for (const name of PERMISSIONS) {
    try {
      return await globalThis.navigator.permissions.query({ name });
    } catch {
      // Unknown under this name.
    }
  }
  return null;
}

// Whether the page around this one has passed the permission on: an iframe of another site needs allow="…".
function frameMayConnect() {
  const policy = globalThis.document?.permissionsPolicy ?? globalThis.document?.featurePolicy;
  const name = PERMISSIONS.find((known) => policy?.features?.().includes(known));
  return name === undefined || policy.allowsFeature(name);
}

// Calls `seen(directive)` when the page's Content-Security-Policy has refused `url`; returns how to stop listening.
function watchPolicy(url, seen) {
  const target = globalThis.document ?? globalThis;
  const { host } = new URL(url);
  const onViolation = ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective === 'connect-src' && blockedURI.includes(host)) seen(effectiveDirective);
  };
  target.addEventListener?.('securitypolicyviolation', onViolation);
  return () => target.removeEventListener?.('securitypolicyviolation', onViolation);
}

// Everything outside the page that opening a connection looks at; the simulator has another one.
export const browser = {
  openSocket: (url, subprotocol) => new globalThis.WebSocket(url, subprotocol),
  permission: loopbackPermission,
  isSecurePage: () => globalThis.isSecureContext !== false,
  frameMayConnect,
  watchPolicy,
  now: () => performance.now(),
};

// What was seen: `refused`, the text of a constructor that threw or the name of a directive; `closeCode` and `waited`
// (ms) of a connection that failed.
export async function diagnose(environment, url, { refused, closeCode, waited }) {
  if (refused) return { code: 'page_policy', detail: refused };
  if (!environment.isSecurePage()) return { code: 'page_policy', detail: 'the page is not https:' };
  // No TLS error can come from ws: but where the page had it made wss: .
  if (closeCode === 1015 && url.startsWith('ws:')) return { code: 'page_policy', detail: 'upgrade-insecure-requests' };
  if (closeCode === 1015) return { code: 'tls_not_trusted', detail: `certificate of ${url}` };
  if (!environment.frameMayConnect()) return { code: 'page_policy', detail: 'the iframe needs allow="loopback-network"' };
  const permission = (await environment.permission())?.state;
  const detail = `no connection to ${url} after ${waited} ms, permission ${permission ?? 'unknown'}`;
  if (permission === 'denied') return { code: 'blocked', detail };
  if (permission === 'prompt' && waited > HINT_AFTER_MS) return { code: 'dismissed', detail };
  return { code: 'not_running', detail };
}
