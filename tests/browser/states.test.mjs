// Every state of the client (client/README.md), produced on purpose. A state that this browser cannot have is a test of
// what it has instead.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browser, browserName, denyingService, display, ownBrowser, pages, untrustedAddress } from './lib/shared.mjs';
import { PORTS, REFUSED_ORIGIN } from './lib/sites.mjs';

const ORIGIN = `https://page.test:${PORTS.pages}`;
const OTHER_ORIGIN = `https://other.test:${PORTS.pages}`;
const INSECURE_ORIGIN = `http://page.test:${PORTS.insecurePages}`;
const NOTHING_THERE = 'ws://127.0.0.1:25199/';
const isFirefox = browserName === 'firefox';

// Has the button of a page (or of the frame in it) check the state; resolves when the client has an answer.
async function pressCheck(frame, options = {}) {
  await frame.evaluate((given) => {
    document.querySelector('button').addEventListener('click', async () => {
      const { check } = await import('/twcard.js');
      globalThis.hints = [];
      globalThis.result = await check({ language: 'en', onHint: (hint) => globalThis.hints.push(hint), ...given });
    });
  }, options);
  await frame.evaluate(() => document.querySelector('button').click());
}

async function resultOf(frame) {
  await frame.waitForFunction(() => globalThis.result !== undefined);
  return frame.evaluate(() => ({ ...globalThis.result, hints: globalThis.hints }));
}

describe(`the client in ${browserName}`, () => {
  let site;
  let page;
  before(async () => {
    site = await pages();
  });
  after(() => page?.context().close());

  // One page for all that needs no permission of its own.
  async function openPage(path = site.add(), origin = ORIGIN) {
    page ??= await (await browser()).newPage({ origin: ORIGIN });
    await page.goto(origin + path);
    return page;
  }

  async function stateOn({ path, origin, url } = {}) {
    const opened = await openPage(path, origin);
    await pressCheck(opened, url && { url });
    return resultOf(opened);
  }

  test('ready: a hello has arrived', async () => {
    const { state, service, advice } = await stateOn();
    assert.deepEqual([state, service.service, advice], ['ready', 'twcard', null]);
  });

  test('origin_denied: the service has closed with 4403', async () => {
    const { state, advice } = await stateOn({ url: await denyingService() });
    assert.deepEqual([state, advice.do], ['origin_denied', 'administer']);
  });

  test('not_running: nothing listens', async () => {
    const { state, advice, hints } = await stateOn({ url: NOTHING_THERE });
    assert.deepEqual([state, advice.do, hints.length], ['not_running', 'administer', 0]);
  });

  test('too_many_connections: one more than a site may have', async () => {
    await openPage();
    const fifth = await page.evaluate(async () => {
      const { connect } = await import('/twcard.js');
      const connections = [];
      for (let count = 0; count < 4; ++count) connections.push(await connect());
      return connect().catch((error) => error.code);
    });
    assert.equal(fifth, 'too_many_connections');
  });

  test('page_policy: connect-src leaves the service out', async () => {
    const path = site.add({ headers: { 'Content-Security-Policy': "connect-src 'self'" } });
    const { state, advice } = await stateOn({ path });
    assert.deepEqual([state, advice.do], ['page_policy', 'report']);
  });

  test('page_policy: a page without TLS', async () => {
    const { state, detail } = await stateOn({ origin: INSECURE_ORIGIN });
    assert.deepEqual([state, detail], ['page_policy', 'the page is not https:']);
  });

  test(`upgrade-insecure-requests: ${isFirefox ? 'page_policy' : 'ready, Chromium leaves loopback alone'}`, async () => {
    const path = site.add({ headers: { 'Content-Security-Policy': 'upgrade-insecure-requests' } });
    const { state } = await stateOn({ path });
    assert.equal(state, isFirefox ? 'page_policy' : 'ready');
  });

  test(`a certificate that is not trusted: ${isFirefox ? 'tls_not_trusted' : 'not_running, Chromium says no more'}`, async () => {
    const { state, advice } = await stateOn({ url: await untrustedAddress() });
    assert.equal(state, isFirefox ? 'tls_not_trusted' : 'not_running');
    assert.match(advice.steps.join(), /twcard doctor/);
  });

  test('the person can allow it while the page watches', async () => {
    const watching = await (await browser()).newPage({ origin: ORIGIN, permission: isFirefox ? 'prompt' : 'denied' });
    await watching.goto(ORIGIN + site.add());
    await watching.evaluate(async () => {
      const { watchPermission } = await import('/twcard.js');
      globalThis.changes = [];
      await watchPermission((state) => globalThis.changes.push(state));
    });
    await watching.context().grantPermissions(['local-network-access'], { origin: ORIGIN });
    await watching.waitForFunction(() => globalThis.changes.includes('granted'));
    await pressCheck(watching);
    assert.equal((await resultOf(watching)).state, 'ready');
    await watching.context().close();
  });
});

describe('where the browser asks for the permission', () => {
  let site;
  let asking; // a browser whose question stays open until it is dismissed
  before(async () => {
    site = await pages();
    asking = await ownBrowser(isFirefox ? { asks: true } : { display: (await display()).name });
  });

  test('blocked: the person has said no', async () => {
    const origin = REFUSED_ORIGIN;
    const page = await asking.newPage({ origin, permission: 'denied' });
    await page.goto(origin + site.add());
    await pressCheck(page);
    const { state, advice } = await resultOf(page);
    assert.deepEqual([state, advice.do, advice.steps.length], ['blocked', 'allow', 3]);
    await page.context().close();
  });

  test('dismissed: the question was closed; while it was open, the page was notified so that it can give a hint', async () => {
    const origin = OTHER_ORIGIN;
    const page = await asking.newPage({ origin, permission: 'prompt' });
    await page.goto(origin + site.add());
    await pressCheck(page);
    await page.waitForFunction(() => globalThis.hints?.length === 1);
    if (!isFirefox) await (await display()).press('Escape');
    const { state, advice, hints } = await resultOf(page);
    assert.deepEqual([state, advice.do, hints], ['dismissed', 'retry', ['permission']]);
    await page.context().close();
  });

  test(`an iframe without allow="loopback-network": ${isFirefox ? 'blocked, Firefox says no more' : 'page_policy'}`, async () => {
    const page = await asking.newPage({ origin: ORIGIN, permission: 'prompt' });
    const body = `<!doctype html><title>embedding</title><iframe src="${OTHER_ORIGIN}${site.add()}"></iframe>`;
    await page.goto(ORIGIN + site.add({ body }));
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame.locator('button').waitFor();
    await pressCheck(frame);
    const { state, detail } = await resultOf(frame);
    assert.equal(state, isFirefox ? 'blocked' : 'page_policy');
    if (!isFirefox) assert.match(detail, /allow="loopback-network"/);
    await page.context().close();
  });
});
