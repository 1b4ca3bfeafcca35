// Chromium with a fresh profile that trusts one authority, in which https://page.test is a site of the public net.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const run = promisify(execFile);

// docs/browsers: as a page of the public net it needs the person's permission to reach 127.0.0.1.
const publicSite = (port) => [
  `--ip-address-space-overrides=127.0.0.1:${port}=public`,
  '--host-resolver-rules=MAP page.test 127.0.0.1, MAP other.test 127.0.0.1',
];
const QUIET = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// `authority`: PEM of the authority to trust; certificate errors are not ignored.
export async function launchChromium({ authority, port = 8443 }) {
  const home = await mkdtemp(join(tmpdir(), 'twcard-chromium.'));
  const database = `sql:${join(home, '.pki/nssdb')}`;
  await mkdir(join(home, '.pki/nssdb'), { recursive: true });
  await run('certutil', ['-N', '-d', database, '--empty-password']);
  await run('certutil', ['-A', '-d', database, '-n', 'site', '-t', 'C,,', '-i', authority]);
  const browser = await chromium.launch({
    executablePath: process.env.TWCARD_CHROMIUM ?? '/usr/bin/chromium',
    args: [...publicSite(port), ...QUIET],
    env: { ...process.env, HOME: home },
  });
  return {
    // A page of its own context. `permission`: whether the person has let `origin` connect to programs on this computer.
    async newPage({ origin, permission = true, locale = 'zh-TW', ...more }) {
      const context = await browser.newContext({ locale, viewport: { width: 1280, height: 860 }, ...more });
      if (permission) await context.grantPermissions(['local-network-access'], { origin });
      return context.newPage();
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
