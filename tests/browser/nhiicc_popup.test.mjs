// A page as sites have it that use the popup of NHIICC, unchanged, in front of twcard-web (docs/dialects/protocol.md).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { isSigned, passwordIn } from './lib/nhiicc.mjs';
import { browser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';
import { cards, dialogs, person, personWill, promptIsOpen, until } from './lib/stack.mjs';

const SITE = `https://page.test:${PORTS.pages}`; // scripts/with-stack --allow
const OTHER_SITE = `https://other.test:${PORTS.pages}`;
const HTTP = 'http://localhost:59001';
const HTTPS = 'https://localhost:59002';
const PASSWORD = 'Summer-rain1';
const NHI_READER = 1;

async function visit({ origin = SITE, component = HTTP } = {}) {
  const body = await readFile(new URL('pages/nhiicc_popup.html', import.meta.url), 'utf8');
  const path = (await pages()).add({ body: body.replaceAll(HTTP, component) });
  const page = await (await browser()).newPage({ origin });
  await page.goto(origin + path);
  await page.fill('#password', PASSWORD);
  return page;
}

async function open(page) {
  const opened = page.waitForEvent('popup');
  await page.click('#authenticate');
  return opened;
}

const isClosed = (popup) => (popup.isClosed() ? undefined : popup.waitForEvent('close'));

// The answer that the page has had from the popup, which has closed then.
async function authenticate(page) {
  const popup = await open(page);
  await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
  await isClosed(popup);
  return JSON.parse(await page.textContent('#answer'));
}

for (const component of [HTTP, HTTPS]) {
  describe(`a page for the popup at ${component}`, () => {
    test('signs in with card and password; both questions name the site', async () => {
      const page = await visit({ component });
      const before = (await dialogs()).length;
      const answer = await authenticate(page);
      assert.deepEqual([answer.action, answer.result], ['recv_auth_pin_step1', '0000']);
      assert.deepEqual([answer.name, answer.as_id], [person.name, person.idNumber]);
      assert.ok(await isSigned(answer));
      assert.equal(await passwordIn(answer.pwd, answer.card_no), PASSWORD);
      const asked = (await dialogs()).slice(before);
      assert.ok(asked.length > 0 && asked.every(({ kind }) => kind === 'confirm'));
      for (const { description } of asked) assert.ok(description.includes(SITE));
      await page.context().close();
    });
  });
}

describe('a page for the popup', () => {
  let page;
  before(async () => {
    page = await visit();
  });
  after(() => page.context().close());
  afterEach(() => personWill('approve'));

  test('learns that there is no card', async () => {
    await cards.remove(NHI_READER);
    assert.equal((await authenticate(page)).result, '8013');
    await cards.insert(NHI_READER, 'nhi');
    await cards.ready('nhi');
    assert.equal((await authenticate(page)).result, '0000');
  });

  test('may ask again at once, by a window of the same name', async () => {
    await page.evaluate(() => addEventListener('message', ({ data }) => {
      if (JSON.parse(data).action !== 'recv_auth_pin_step1') return;
      globalThis.answers = [...(globalThis.answers ?? []), JSON.parse(data)];
      if (globalThis.answers.length < 3) authenticate();
    }));
    await page.click('#authenticate');
    await page.waitForFunction(() => globalThis.answers?.length === 3);
    assert.deepEqual(await page.evaluate(() => globalThis.answers.map(({ result }) => result)), ['0000', '0000', '0000']);
    await until(() => page.context().pages().length === 1, 'every popup has closed');
    await page.context().close();
    page = await visit();
  });

  test('learns nothing more about a refusal, and no command reaches the card', async () => {
    await cards.swap(NHI_READER, 'nhi'); // a consent ends with the card's insertion
    await personWill('refuse');
    await cards.apdus();
    const answer = await authenticate(page);
    assert.deepEqual(answer, { action: 'recv_auth_pin_step1', result: '8013' });
    assert.equal(await cards.apdus(), 0);
    await personWill('approve');
    assert.equal((await authenticate(page)).result, '0000');
  });
});

describe('the popup of the HTTP API', () => {
  let page;
  beforeEach(async () => {
    page = await visit();
    await page.evaluate(() => {
      globalThis.heard = [];
      addEventListener('message', ({ data }) => globalThis.heard.push(JSON.parse(data)));
    });
    await personWill('slow', { delayMs: 60_000 });
  });
  afterEach(async () => {
    await personWill('approve');
    await page.context().close();
  });
  const asked = () => until(promptIsOpen, 'the person is asked');
  // The actions of the popup's messages, with the result of an answer.
  const heard = () => page.evaluate(() => globalThis.heard.map(({ action, result }) => result ?? action));
  const askedNoMore = () => until(async () => !(await promptIsOpen()), 'the prompt is withdrawn');

  test('takes its question with it when the person closes it', async () => {
    const popup = await open(page);
    await asked();
    await popup.close();
    await askedNoMore();
    await personWill('approve');
    assert.equal((await authenticate(page)).result, '0000');
  });

  test('is used again by a second click, and starts again', async () => {
    const popup = await open(page);
    await asked();
    await page.click('#authenticate');
    await page.waitForFunction(() => globalThis.heard.length > 1);
    assert.deepEqual(await heard(), ['ready', 'ready']);
    assert.equal(page.context().pages().length, 2);
    // A consent, after which questions that were left do not count any more.
    await popup.close();
    await askedNoMore();
    await personWill('approve');
    assert.equal((await authenticate(page)).result, '0000');
  });

  test('closes when the page says so, whatever it is waiting for', async () => {
    const popup = await open(page);
    await asked();
    await page.evaluate(() => send({ action: 'close' }));
    await isClosed(popup);
    await askedNoMore();
    assert.deepEqual(await heard(), ['ready'], 'nothing comes after it');
  });

  test('closes when the page has gone', async () => {
    const popup = await open(page);
    await asked();
    await page.close();
    await isClosed(popup);
    await askedNoMore();
  });

});

// Nobody is asked anything here: a site whose questions are left again and again is not asked for any more.
describe('the popup of a page that does not ask', () => {
  let page;
  beforeEach(async () => {
    page = await visit();
    await page.evaluate(() => {
      globalThis.really = globalThis.send;
      globalThis.send = () => {};
    });
  });
  afterEach(() => page.context().close());

  test('closes after a while', async () => {
    await page.context().clock.install();
    const popup = await open(page);
    await popup.waitForLoadState();
    await popup.clock.runFor(29_000);
    assert.equal(popup.isClosed(), false);
    await Promise.all([isClosed(popup), popup.clock.runFor(2_000).catch(() => {})]);
  });

  test('shows nothing of what it is sent', async () => {
    const popup = await open(page);
    await popup.waitForLoadState();
    const before = await popup.content();
    await page.evaluate(() => {
      really({ action: '<img src=x onerror=alert(1)>', pin: '<b>' });
      popup.postMessage('<p>', '*');
      popup.postMessage({ action: 'close' }, '*');
    });
    // A message of its own comes after those.
    await popup.evaluate(() => new Promise((resolve) => {
      addEventListener('message', ({ data }) => data === 'marker' && resolve());
      postMessage('marker', '*');
    }));
    assert.equal(await popup.content(), before);
  });
});

describe('a site that is not on the list', () => {
  test('gets nothing from the popup, and neither the person nor the card is asked anything', async () => {
    const page = await visit({ origin: OTHER_SITE });
    const before = (await dialogs()).length;
    await cards.apdus();
    await page.evaluate(() => {
      globalThis.heard = [];
      addEventListener('message', ({ data }) => globalThis.heard.push(data));
    });
    const popup = await open(page);
    await popup.waitForLoadState();
    // The page asks without being told that it may. The marker shows that it would hear an answer.
    await page.evaluate(() => send({ action: 'send_auth_pin_step1', pin: 'secret7' }));
    await popup.evaluate(() => opener.postMessage('{"action":"marker"}', '*'));
    await isClosed(popup); // by the page, which takes the component for not installed
    assert.equal(await page.textContent('#answer'), 'not installed');
    assert.deepEqual(await page.evaluate(() => globalThis.heard), ['{"action":"marker"}']);
    assert.equal((await dialogs()).length, before);
    assert.equal(await cards.apdus(), 0);
    await page.context().close();
  });
});
