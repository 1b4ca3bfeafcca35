// Firefox ESR with a fresh profile that trusts one authority.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { firefox } from 'playwright-core';
import { HOSTS, PORTS, REFUSED_ORIGIN } from './sites.mjs';
import { trustAuthority } from './tls.mjs';

// The question that Firefox will ask some day, switched on: the sites are public ones, and it gives up a question that
// nobody answers.
const ASKING = {
  'network.lna.enabled': true,
  'network.lna.blocking': true,
  'network.lna.websocket.enabled': true,
  'network.lna.address_space.public.override': Object.values(PORTS).map((port) => `127.0.0.1:${port}`).join(','),
  'network.lna.prompt.timeout': 1500,
  // Remembered permissions also apply to the driver's contexts.
  'permissions.isolateBy.userContext': false,
};

// The remote agent's own preferences would switch it off, since `true` is the default anyway. The driver's opening a page
// counts as a click, which is over soon.
const BLOCKING = {
  'dom.disable_open_during_load': true,
  'remote.prefs.recommended': false,
  'dom.user_activation.transient.timeout': 200,
};

// What the person has told Firefox before, in the file where it remembers: no, to one site.
const REFUSAL = `
  CREATE TABLE moz_perms (id INTEGER PRIMARY KEY, origin TEXT, type TEXT, permission INTEGER, expireType INTEGER,
    expireTime INTEGER, modificationTime INTEGER);
  CREATE TABLE moz_origin_interactions (origin TEXT PRIMARY KEY, lastInteractionTime INTEGER);
  INSERT INTO moz_perms VALUES (1, '${REFUSED_ORIGIN}', 'loopback-network', 2, 0, 0, 0);
  PRAGMA user_version = 13;`;

// The driver makes the profile; what is trusted goes into it when the browser starts.
async function makeLauncher(folder) {
  const launcher = join(folder, 'launch');
  const program = process.env.TWCARD_FIREFOX ?? '/usr/bin/firefox-esr';
  await writeFile(launcher, [
    '#!/bin/sh',
    'previous=',
    'for argument; do',
    `  [ "$previous" != --profile ] || cp '${folder}'/*.db '${folder}'/*.sqlite '${folder}'/pkcs11.txt "$argument/"`,
    '  previous=$argument',
    'done',
    `exec '${program}' "$@"`,
    '',
  ].join('\n'));
  await chmod(launcher, 0o755);
  return launcher;
}

// `authority`: PEM of the authority to trust; certificate errors are not ignored. `asks`: whether sites need the
// person's permission, as they will. `blocksPopups`: as it does for people; the driver has that switched off.
export async function launchFirefox({ authority, asks = false, blocksPopups = false }) {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-firefox.'));
  await trustAuthority(folder, authority);
  await promisify(execFile)('sqlite3', [join(folder, 'permissions.sqlite'), REFUSAL]);
  const browser = await firefox.launch({
    channel: 'moz-firefox',
    executablePath: await makeLauncher(folder),
    firefoxUserPrefs: { 'network.dns.localDomains': HOSTS.join(','), ...(asks && ASKING), ...(blocksPopups && BLOCKING) },
    env: { ...process.env, HOME: folder },
  });
  return {
    name: 'Firefox',
    async newPage({ origin, permission = 'granted', locale = 'zh-TW', ...more }) {
      const context = await browser.newContext({ locale, viewport: { width: 1280, height: 860 }, ...more });
      if (permission === 'granted') await context.grantPermissions(['local-network-access'], { origin });
      return context.newPage();
    },
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
