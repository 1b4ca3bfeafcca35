// Managed computers: with the browser's policy nobody is asked for the permission (docs/integrators.md). The policy
// files are mounted over the machine's own, in the namespace of scripts/with-stack alone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { browserName, ownBrowser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';

const run = promisify(execFile);
const MANAGED = 'page.test';
const POLICIES = {
  chromium: {
    mount: '/etc/chromium',
    file: '/etc/chromium/policies/managed/twcard.json',
    content: { LoopbackNetworkAllowedForUrls: [`https://${MANAGED}:${PORTS.pages}`] },
  },
  firefox: {
    mount: '/usr/lib/firefox-esr/distribution',
    file: '/usr/lib/firefox-esr/distribution/policies.json',
    content: { policies: { LocalNetworkAccess: { Enabled: true, SkipDomains: [MANAGED] } } },
  },
}[browserName];

describe(`with ${browserName}'s policy`, () => {
  let managed;
  let site;

  before(async () => {
    site = await pages();
    await run('mount', ['-t', 'tmpfs', 'tmpfs', POLICIES.mount]);
    await mkdir(dirname(POLICIES.file), { recursive: true });
    await writeFile(POLICIES.file, JSON.stringify(POLICIES.content));
    managed = await ownBrowser({ asks: true });
  });
  after(() => run('umount', [POLICIES.mount]));

  async function stateAt(host, body) {
    const origin = `https://${host}:${PORTS.pages}`;
    const page = await managed.newPage({ origin, permission: 'prompt' });
    await page.goto(origin + site.add(body && { body }));
    const frame = body ? await (await page.waitForSelector('iframe')).contentFrame() : page;
    const state = await frame.evaluate(async () => (await (await import('/twcard.js')).check()).state);
    await page.context().close();
    return state;
  }

  test('the named site connects, and nobody is asked', async () => {
    assert.equal(await stateAt(MANAGED), 'ready');
  });

  test('another site is not let in', async () => {
    assert.notEqual(await stateAt('other.test'), 'ready');
  });

  // The permission is the outer site's in Chromium, the inner one's in Firefox; both want it passed on.
  const [outer, inner] = browserName === 'chromium' ? [MANAGED, 'other.test'] : ['other.test', MANAGED];
  for (const [allow, connects] of [['allow="loopback-network"', true], ['', false]]) {
    test(`a page in an iframe ${connects ? 'connects with' : 'does not connect without'} allow="loopback-network"`, async () => {
      const source = `https://${inner}:${PORTS.pages}${site.add()}`;
      const state = await stateAt(outer, `<!doctype html><title>embedding</title><iframe ${allow} src="${source}"></iframe>`);
      assert.equal(state === 'ready', connects, state);
    });
  }
});
