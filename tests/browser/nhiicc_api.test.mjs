// A page as sites for the HTTP API of NHIICC have it, with jQuery, unchanged, in front of twcard-web (docs/dialects/protocol.md).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import { basicIn, isSigned, passwordIn } from './lib/nhiicc.mjs';
import { browser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';
import { cards, dialogs, person, personWill, siteWill, until } from './lib/stack.mjs';

const SITE = `https://page.test:${PORTS.pages}`; // scripts/with-stack --allow
const OTHER_SITE = `https://other.test:${PORTS.pages}`;
const HTTP = 'http://localhost:59001';
const HTTPS = 'https://localhost:59002';
const PASSWORD = 'Summer-rain1';
const NHI_READER = 1;

// The page with those addresses out of its reach, when it has found its way to the component.
async function visit({ origin = SITE, without = [] } = {}) {
  const site = await pages();
  const jquery = await readFile(new URL('node_modules/jquery/dist/jquery.min.js', import.meta.url));
  site.add({ path: '/jquery.min.js', headers: { 'Content-Type': 'text/javascript' }, body: jquery });
  const path = site.add({ body: await readFile(new URL('pages/nhiicc_api.html', import.meta.url), 'utf8') });
  const page = await (await browser()).newPage({ origin });
  for (const address of without) await page.route(`${address}/**`, (route) => route.abort());
  await page.goto(origin + path);
  await page.waitForFunction(() => document.getElementById('way').textContent !== '');
  return page;
}

// What the page shows after a press: an answer, a status, or the code of an error.
async function press(page, button) {
  await page.click(`#${button}`);
  const shown = await page.waitForFunction(() => {
    const text = (id) => document.getElementById(id).textContent;
    const code = document.getElementById('error').getAttribute('data-code');
    return text('answer') || text('status') || (code !== null && JSON.stringify({ code }));
  });
  return JSON.parse(await shown.jsonValue());
}

function checkPerson(answer) {
  assert.equal(answer.name, person.name);
  assert.equal(answer.as_id, person.idNumber);
  assert.match(answer.card_no, /^\d{12}$/);
  assert.match(answer.birthday, /^\d{7}$/);
}

for (const { way, without } of [
  { way: 'http', without: [] },
  { way: 'https', without: [HTTP] },
  { way: 'socket', without: [HTTP, HTTPS] },
]) {
  describe(`a page for the HTTP API that finds the component by ${way}`, () => {
    let page;
    before(async () => {
      page = await visit({ without });
    });
    after(() => page.context().close());

    test('takes the first way that answers', async () => {
      assert.equal(await page.textContent('#way'), way);
    });

    test('signs in with the card; the person is asked for each signature and once for reading', async () => {
      const before = (await dialogs()).length;
      const answer = await press(page, 'login');
      checkPerson(answer);
      assert.ok(await isSigned(answer));
      const asked = (await dialogs()).slice(before);
      // Both ports count as one; a WebSocket connection is asked for by itself.
      assert.deepEqual(asked.map(({ kind }) => kind), way === 'https' ? ['confirm'] : ['confirm', 'confirm']);
      for (const { description } of asked) assert.ok(description.includes(SITE));
    });
  });
}

describe('a page for the HTTP API', () => {
  let page;
  before(async () => {
    page = await visit();
  });
  after(() => page.context().close());
  afterEach(() => Promise.all([personWill('approve'), siteWill('')]));

  test('signs in with card and password in the longer order', async () => {
    await page.fill('#password', PASSWORD);
    const answer = await press(page, 'authenticate');
    assert.equal(answer.result, '0000');
    checkPerson(answer);
    assert.ok(await isSigned(answer), 'the 16 digits are signed with the version in front');
    assert.equal(await passwordIn(answer.pwd, answer.card_no), PASSWORD);
    const { card_no: card, as_id: id, name, birthday, sex, card_termination: termination } = answer;
    assert.equal(basicIn(answer.basic), [card, id, name, birthday, sex, termination].join(','));
  });

  test('reads the status from the pixels of an image', async () => {
    assert.equal((await press(page, 'look')).result, '0000');
    assert.equal((await press(page, 'look-card')).result, '0000');
  });

  test('sees by the status that the card which it has read is pulled, and comes back', async () => {
    const becomes = (code) =>
      until(async () => (await press(page, 'look-card')).result === code, `the card status becomes ${code}`);
    await press(page, 'login');
    const before = (await dialogs()).length;
    await cards.apdus();
    await cards.remove(NHI_READER);
    await becomes('8013');
    assert.equal((await press(page, 'look')).result, '0000', 'the component is there');
    assert.equal(await cards.apdus(), 0);
    await cards.insert(NHI_READER, 'nhi');
    await becomes('0000');
    assert.equal((await dialogs()).length, before);
  });

  test('receives the code of a short password, of no card, of a refusal, of an insurer that is away', async () => {
    await page.fill('#password', 'five5');
    assert.equal((await press(page, 'authenticate')).code, '8009');
    await siteWill('health:cut');
    assert.equal((await press(page, 'login')).code, '8005');
    await siteWill('');
    await cards.remove(NHI_READER);
    assert.equal((await press(page, 'login')).code, '8013');
    await cards.insert(NHI_READER, 'nhi');
    await cards.ready('nhi');
    await personWill('refuse');
    await cards.apdus();
    assert.equal((await press(page, 'login')).code, '8013');
    assert.equal(await cards.apdus(), 0);
  });
});

describe('a page for the HTTP API of a site that is not on the list', () => {
  test('can use no way to the component, and neither the person nor the card is asked anything', async () => {
    const before = (await dialogs()).length;
    await cards.apdus();
    const page = await visit({ origin: OTHER_SITE });
    assert.equal(await page.textContent('#way'), 'none');
    const outcomes = await page.evaluate((base) => Promise.all([
      fetch(`${base}/api/GetBasic`, { method: 'POST' }).then(() => 'answered', () => 'failed'),
      ...['anonymous', null].map((crossOrigin) => new Promise((resolve) => {
        const image = new Image();
        image.crossOrigin = crossOrigin;
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('failed');
        image.src = `${base}/api/GetStatus.bmp`;
      })),
    ]), HTTP);
    assert.deepEqual(outcomes, ['failed', 'failed', 'failed']);
    assert.equal((await dialogs()).length, before);
    assert.equal(await cards.apdus(), 0);
    await page.context().close();
  });
});
