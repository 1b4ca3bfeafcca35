// Chromium with a fresh profile that trusts one authority, in which the sites of `lib/sites.mjs` are public ones.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { HOSTS, PORTS } from './sites.mjs';
import { trustAuthority } from './tls.mjs';

// As a page of the public net a site needs the person's permission to reach 127.0.0.1 (docs/integrators.md).
const PUBLIC_SITES = [
  `--ip-address-space-overrides=${Object.values(PORTS).map((port) => `127.0.0.1:${port}=public`).join(',')}`,
  `--host-resolver-rules=${HOSTS.map((host) => `MAP ${host} 127.0.0.1`).join(', ')}`,
];
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// `authority`: PEM of the authority to trust; certificate errors are not ignored. `display`: of an X server, for a
// window whose questions somebody can answer; headless Chromium answers them with a denial. `blocksPopups`: as it does
// for people; the driver has that switched off.
export async function launchChromium({ authority, display, blocksPopups = false }) {
  const home = await mkdtemp(join(tmpdir(), 'twcard-chromium.'));
  await mkdir(join(home, '.pki/nssdb'), { recursive: true });
  await trustAuthority(join(home, '.pki/nssdb'), authority);
  const browser = await chromium.launch({
    executablePath: process.env.TWCARD_CHROMIUM ?? '/usr/bin/chromium',
    args: [...PUBLIC_SITES, ...QUIET],
    ignoreDefaultArgs: blocksPopups ? ['--disable-popup-blocking'] : [],
    headless: display === undefined,
    env: { ...process.env, HOME: home, ...(display && { DISPLAY: display }) },
  });
  return {
    name: 'Chromium',
    // A page of its own context. `permission`: granted, denied, or prompt: what the person has said to `origin`'s
    // connecting to programs on this computer.
    async newPage({ origin, permission: answer = 'granted', locale = 'zh-TW', ...more }) {
      const context = await browser.newContext({ locale, viewport: { width: 1280, height: 860 }, ...more });
      if (answer === 'granted') await context.grantPermissions(['local-network-access'], { origin });
      const page = await context.newPage();
      if (answer === 'denied') {
        const session = await context.newCDPSession(page);
        const { targetInfo: { browserContextId } } = await session.send('Target.getTargetInfo');
        const permission = { name: 'loopback-network' };
        await session.send('Browser.setPermission', { permission, setting: 'denied', origin, browserContextId });
      }
      return page;
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
