// What the tests of one run share: a browser, and the sites of `sites.mjs`. Each is started when it is first asked
// for, and all of them are stopped after the last test.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { launchChromium } from './chromium.mjs';
import { startDisplay } from './display.mjs';
import { launchFirefox } from './firefox.mjs';
import { startPages } from './pages.mjs';
import { startPortal } from './portal.mjs';
import { HOSTS, PORTS, UNTRUSTED_PORT } from './sites.mjs';
import { startService } from './stack.mjs';
import { makeSiteCertificate } from './tls.mjs';

// TWCARD_BROWSER: chromium (default) or firefox.
export const browserName = process.env.TWCARD_BROWSER ?? 'chromium';
const launch = { chromium: launchChromium, firefox: launchFirefox }[browserName];
if (!launch) throw new Error(`TWCARD_BROWSER: chromium or firefox, not ${browserName}`);

const DENYING_SERVICE = 25121;
const started = new Map();
const stops = [];
after(async () => {
  for (const stop of stops.reverse()) await stop();
});

function once(name, start) {
  if (!started.has(name)) started.set(name, start());
  return started.get(name);
}

async function stoppedLater(thing) {
  stops.push(() => (thing.stop ?? thing.close)());
  return thing;
}

export const tls = () => once('tls', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-site.'));
  stops.push(() => rm(folder, { recursive: true }));
  return makeSiteCertificate(folder, HOSTS);
});

const authority = async () => (await tls()).authority;

export const browser = () => once('browser', async () => stoppedLater(await launch({ authority: await authority() })));

// A browser of its own, for what the shared one cannot have; `how` as launchChromium() or launchFirefox() take it.
export const ownBrowser = async (how) => stoppedLater(await launch({ authority: await authority(), ...how }));

// For a browser that shows its window.
export const display = () => once('display', async () => stoppedLater(await startDisplay()));

const portalAt = (port, options = []) => once(`portal ${port}`, async () =>
  stoppedLater(await startPortal({ origin: `https://page.test:${port}`, tls: await tls(), options })));

export const portals = {
  main: () => portalAt(PORTS.main),
  // Where its pages look for the service, nothing listens.
  withoutService: () => portalAt(PORTS.withoutService, ['--service-url', 'ws://127.0.0.1:25199/']),
  // The person has turned this site away.
  denied: async () => {
    await denyingService();
    return portalAt(PORTS.denied, ['--service-url', `ws://127.0.0.1:${DENYING_SERVICE}/`]);
  },
};

// The address of a twcard-web that turns away the `denied` portal and the pages of page.test.
export const denyingService = () => once('denying service', async () => {
  await stoppedLater(await startService({
    port: DENYING_SERVICE, deny: [`https://page.test:${PORTS.denied}`, `https://page.test:${PORTS.pages}`],
  }));
  return `ws://127.0.0.1:${DENYING_SERVICE}/`;
});

export const pages = () => once('pages', async () =>
  stoppedLater(await startPages({ port: PORTS.pages, insecurePort: PORTS.insecurePages, tls: await tls() })));

// The address of a TLS server whose certificate no browser trusts.
export const untrustedAddress = () => once('untrusted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-untrusted.'));
  stops.push(() => rm(folder, { recursive: true }));
  await stoppedLater(await startPages({ port: UNTRUSTED_PORT, tls: await makeSiteCertificate(folder, ['localhost']) }));
  return `wss://localhost:${UNTRUSTED_PORT}/`;
});
