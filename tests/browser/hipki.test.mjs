// Pages written for the HiPKI local sign server, unchanged, in front of twcard-web (docs/dialects/protocol.md). What the old
// component did wrong has a test here or in tests/daemon/web/dialects/hipki.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { constants, createVerify, publicEncrypt, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { browser, browserName, ownBrowser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';
import { cards, dialogs, person, personWill, promptIsOpen, until } from './lib/stack.mjs';

const SITE = `https://page.test:${PORTS.pages}`; // scripts/with-stack --allow
const OTHER_SITE = `https://other.test:${PORTS.pages}`;
const SERVER = 'http://localhost:61161';
const TEXT = '王小明 & 100%';

const certificate = (base64) => new X509Certificate(Buffer.from(base64, 'base64'));
const bodyOf = (name) => readFile(new URL(`pages/${name}.html`, import.meta.url), 'utf8');

// The content of a CMS message that OpenSSL finds signed by a card of the simulated issuers; and its structure.
async function verifiedMessage(base64) {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-cms.'));
  const openssl = async (...words) => (await promisify(execFile)('openssl', words)).stdout;
  const file = (name) => join(folder, name);
  await writeFile(file('message'), Buffer.from(base64, 'base64'));
  const { TWCARD_TEST_CA: root, TWCARD_TEST_ISSUER: issuers } = process.env;
  await writeFile(file('authorities'), await readFile(root, 'utf8') + await readFile(issuers, 'utf8'));
  const der = ['-inform', 'DER', '-in', file('message')];
  const content = await openssl('cms', '-verify', ...der, '-CAfile', file('authorities'), '-purpose', 'any', '-binary');
  const structure = await openssl('asn1parse', ...der);
  await rm(folder, { recursive: true });
  return { content, structure };
}

describe('a page written for the HiPKI popup', () => {
  let path;
  let page;
  let dialogsBefore;
  before(async () => {
    path = (await pages()).add({ body: await bodyOf('hipki_popup') });
    page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + path);
  });
  after(() => page.context().close());
  afterEach(() => personWill('approve'));

  async function press(button) {
    dialogsBefore = (await dialogs()).length;
    await page.click(`#${button}`);
    await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
    return JSON.parse(await page.textContent('#answer'));
  }
  const newDialogs = async () => (await dialogs()).slice(dialogsBefore);

  test('signs; the PIN in its message is not tried, the person is asked', async () => {
    const answer = await press('sign');
    assert.deepEqual([answer.func, answer.ret_code, answer.last_error], ['sign', 0, 0]);
    const signer = certificate(answer.certb64);
    assert.match(answer.cardSN, /^\d{16}$/);
    const verify = createVerify('SHA256').update(TEXT);
    assert.ok(verify.verify(signer.publicKey, answer.signature, 'base64'));
    const shown = await newDialogs();
    assert.ok(shown.some(({ kind, description }) => kind === 'confirm' && description.includes(SITE)), 'the site is named');
    assert.equal(shown.filter(({ kind }) => kind === 'pin').length, 1);
    assert.ok(shown.every(({ error }) => !error), 'no try was spent on the PIN of the page');
  });

  test('gets a CMS message with time, nonce and card number', async () => {
    await page.selectOption('#type', 'PKCS7');
    await page.selectOption('#hash', 'SHA512');
    await page.fill('#nonce', '0011223344556677');
    const answer = await press('sign');
    await page.selectOption('#type', 'PKCS1');
    await page.selectOption('#hash', 'SHA256');
    const { content, structure } = await verifiedMessage(answer.signature);
    assert.equal(content, TEXT);
    assert.match(structure, /signingTime/);
    assert.match(structure, /HEX DUMP]:0011223344556677/);
    assert.match(structure, new RegExp(`PRINTABLESTRING +:${answer.cardSN}`));
    assert.match(structure, /sha512/);
  });

  test('reads the certificates, of whatever reader has them', async () => {
    const { func, ret_code: code, slots } = await press('certificates');
    assert.deepEqual([func, code], ['pkcs11info', 0]);
    const cards = slots.filter(({ token }) => token?.certs);
    assert.equal(cards.length, 1);
    const [signature] = cards[0].token.certs.filter(({ usage }) => usage === 'digitalSignature');
    assert.equal(signature.subjectID, person.idNumber.slice(-4));
    assert.match(certificate(signature.certb64).subject, new RegExp(person.name));
    assert.ok(slots.some(({ token }) => token === 'unknown token'), 'the NHI card is also listed');
  });

  test('decrypts, and the person is asked each time', async () => {
    const { slots } = await press('certificates');
    const { certb64 } = slots.flatMap(({ token }) => token?.certs ?? []).find(({ usage }) => /keyEncipherment/.test(usage));
    const key = { key: certificate(certb64).publicKey, padding: constants.RSA_PKCS1_PADDING };
    await page.fill('#cipher', publicEncrypt(key, Buffer.from(TEXT)).toString('base64'));
    for (let time = 0; time < 2; ++time) {
      const answer = await press('decrypt');
      assert.deepEqual([answer.func, answer.ret_code, answer.plain], ['decrypt', 0, TEXT]);
      const kinds = (await newDialogs()).map(({ kind }) => kind);
      assert.deepEqual(kinds, ['confirm', 'pin']);
    }
  });

  test('receives the code of a refusal, and no command reaches the card', async () => {
    await personWill('refuse');
    await cards.apdus();
    const answer = await press('sign');
    assert.equal(answer.ret_code, 0x76000999);
    assert.equal(await cards.apdus(), 0);
  });

  test('learns of a wrong PIN and of the remaining attempts', async () => {
    await personWill('wrong-pin');
    const answer = await press('sign');
    assert.deepEqual([answer.ret_code, answer.last_error], [0x76100006, -2147483646]); // 80000002, with its sign
    await personWill('approve');
    assert.equal((await press('sign')).ret_code, 0);
  });

  test('needs no popup: the same message by fetch', async () => {
    const answer = await page.evaluate(async (server) => {
      const body = new URLSearchParams({ tbsPackage: JSON.stringify({ func: 'MakeSignature', tbs: 'x' }) });
      return (await fetch(`${server}/sign`, { method: 'POST', body })).json();
    }, SERVER);
    assert.equal(answer.ret_code, 0);
  });
});

async function outcomeOf(page, action) {
  await action();
  await page.waitForFunction(() => document.getElementById('outcome').textContent !== '');
  return page.textContent('#outcome');
}

const clickFor = (page, button) => outcomeOf(page, () => page.click(`#${button}`));

// What the sign-in page found: the card's signature over the page's text, and the holder of the certificate for it.
async function assertSignedIn(outcome) {
  const found = JSON.parse(outcome);
  const { content, structure } = await verifiedMessage(found.signature);
  assert.equal(content, '1+1 王');
  assert.doesNotMatch(structure, /signingTime/);
  assert.match(found.number, /^\d{16}$/);
  assert.deepEqual([found.name, found.four], [person.name, person.idNumber.slice(-4)]);
  assert.match(certificate(found.certificate).subject, new RegExp(`serialNumber=${found.number}`));
  assert.equal(new Date(certificate(found.certificate).validTo).getFullYear(), found.until);
}

describe('a sign-in page that signs and then reads the certificates, each by a popup', () => {
  let page;
  before(async () => {
    page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_sign_in') }));
  });
  after(() => page.context().close());
  afterEach(() => personWill('approve'));

  for (const habit of ['two', 'one', 'close'])
    test(`finds the certificate for signatures and its holder, popups by the habit "${habit}"`, async () => {
      await page.selectOption('#habit', habit);
      await assertSignedIn(await clickFor(page, 'sign-in'));
      await until(() => page.context().pages().length === 1, 'the popups are closed');
    });

  test('shows the reasons that it knows by their numbers', async () => {
    await personWill('wrong-pin');
    assert.match(await clickFor(page, 'sign-in'), /^0x76100006, two left, .*兩次/);
    await personWill('refuse');
    assert.equal(await clickFor(page, 'sign-in'), '0x76000999');
    await personWill('approve');
    await assertSignedIn(await clickFor(page, 'sign-in')); // the card counts from the start again
  });
});

describe('a page that looks whether the component is there', () => {
  let page;
  before(async () => {
    page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_check') }));
  });
  after(() => page.context().close());

  for (const canvas of ['version', 'version-narrow'])
    test(`takes the version and the readers from the image's pixels: ${canvas}`, async () => {
      assert.match(await clickFor(page, canvas), /^new enough, .*: true; .*: false$/);
    });

  test('finds the component by a popup', async () => {
    assert.equal(await clickFor(page, 'environment'), 'ready 2');
  });

  test('learns from the window that adds a site that it is allowed already', async () => {
    await page.fill('#domain', new URL(SITE).hostname);
    const opened = page.waitForEvent('popup');
    assert.equal(await clickFor(page, 'add'), 'added');
    await (await opened).close();
  });

  test('cannot add another site; the user learns how', async () => {
    await page.fill('#domain', 'other.test');
    const opened = page.waitForEvent('popup');
    assert.equal(await clickFor(page, 'add'), 'not added, 1979711503');
    const text = await (await opened).textContent('body');
    assert.match(text, /twcard setup legacy hipki --allow/);
    assert.doesNotMatch(text, /other\.test/);
    await (await opened).close();
  });
});

describe('a page that has the card decrypt', () => {
  test('sends the cipher encoded and shows the text', async () => {
    const page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_decrypt') }));
    const listed = await page.evaluate(async (server) => (await fetch(`${server}/pkcs11info?withcert=true`)).json(), SERVER);
    const { certb64 } = listed.slots.flatMap(({ token }) => token?.certs ?? [])
      .find(({ usage }) => usage === 'keyEncipherment|dataEncipherment');
    const key = { key: certificate(certb64).publicKey, padding: constants.RSA_PKCS1_PADDING };
    const cipher = publicEncrypt(key, Buffer.from(TEXT)).toString('base64');
    await page.fill('#cipher', cipher.replace(/(.{64})/g, '$1\n'));
    assert.equal(await clickFor(page, 'decrypt'), '0');
    assert.equal(await page.inputValue('#plain'), TEXT);
    await page.fill('#cipher', Buffer.alloc(256, 1).toString('base64'));
    assert.equal(await clickFor(page, 'decrypt'), '76400001');
    await page.context().close();
  });
});

// The fault «"not installed" reported when the browser blocked the popup».
describe('with popups blocked', () => {
  let blocking;
  let signIn; // paths: of the page as it is, and with the documented lines in front
  let signInWithLines;
  before(async () => {
    blocking = await ownBrowser({ blocksPopups: true });
    const body = await bodyOf('hipki_sign_in');
    const docs = await readFile(new URL('../../docs/dialects/protocol.md', import.meta.url), 'utf8');
    const [, lines] = docs.match(/```js\n(\/\/ In front of the old script[\s\S]*?)```/);
    signIn = (await pages()).add({ body });
    signInWithLines = (await pages()).add({ body: body.replace('<script>', `<script>${lines}</script>\n<script>`) });
  });

  // What the page comes to say, and how many windows it has opened; `start` begins it. The page is looked at by what it
  // logs: a script of the driver in it would count as a click.
  async function outcomeAt(origin, path, start) {
    const page = await blocking.newPage({ origin });
    let windows = 0;
    page.on('popup', () => { ++windows; });
    const said = page.waitForEvent('console', (entry) => entry.type() === 'log');
    await page.goto(origin + path);
    await start?.(page);
    const outcome = (await said).text();
    await page.context().close();
    return { outcome, windows };
  }
  const click = (page) => page.click('#sign-in');

  test('an unchanged page says "not installed", which its own script makes of no window', async () => {
    assert.deepEqual(await outcomeAt(SITE, `${signIn}#unasked`), { outcome: 'not installed', windows: 0 });
  });

  test('an unchanged page that needs two popups gets one for a click, when the person takes a while', async () => {
    // Both questions together longer than a click counts: 5 s in Chromium, as set in Firefox.
    await personWill('slow', { delayMs: browserName === 'chromium' ? 2600 : 100 });
    assert.deepEqual(await outcomeAt(SITE, signIn, click), { outcome: 'not installed', windows: 1 });
    await personWill('approve');
  });

  test('the component is there for such a page all the same: it tells its version and signs', async () => {
    const page = await blocking.newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_check') }));
    assert.match(await clickFor(page, 'version'), /^new enough/);
    const answer = await page.evaluate(async (server) => {
      const body = new URLSearchParams({ tbsPackage: '{"func":"MakeSignature","tbs":"x"}' });
      return (await fetch(`${server}/sign`, { method: 'POST', body })).json();
    }, SERVER);
    assert.deepEqual([answer.func, answer.ret_code, page.context().pages().length], ['sign', 0, 1]);
    await page.context().close();
  });

  test('with the documented lines in front of its script the page signs in without a window', async () => {
    const { outcome, windows } = await outcomeAt(SITE, `${signInWithLines}#unasked`);
    await assertSignedIn(outcome);
    assert.equal(windows, 0);
  });

  test('with these lines a popup that is not blocked is used', async () => {
    const { outcome, windows } = await outcomeAt(SITE, signInWithLines, click);
    await assertSignedIn(outcome);
    assert.ok(windows >= 1);
  });

  test('with these lines "not installed" means what it says', async () => {
    assert.equal((await outcomeAt(OTHER_SITE, `${signInWithLines}#unasked`)).outcome, 'not installed');
  });
});

describe('a page that looks for cards by a bitmap', () => {
  test('reads the same as over HTTP; cards are listed again', async () => {
    const page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_image') }));
    const press = async (button) => {
      await page.click(`#${button}`);
      await page.waitForFunction(() => document.getElementById('answer').textContent !== '');
      return JSON.parse(await page.textContent('#answer'));
    };
    const serials = ({ slots }) => slots.map(({ token }) => token?.serialNumber).filter(Boolean);
    const first = await press('look');
    assert.deepEqual([first.func, first.ret_code, serials(first).length], ['pkcs11info', 0, 1]);
    assert.deepEqual(serials(await press('ask')), serials(first));
    await cards.remove(0);
    assert.deepEqual(serials(await press('look')), []);
    await cards.insert(0, 'hicos');
    await cards.ready('hicos');
    assert.deepEqual(serials(await press('look')), serials(first));
    await page.context().close();
  });
});

describe('a site that is not on the list', () => {
  let page;
  before(async () => {
    page = await (await browser()).newPage({ origin: OTHER_SITE });
    await page.goto(OTHER_SITE + (await pages()).add({ body: await bodyOf('hipki_popup') }));
    await page.evaluate(() => addEventListener('message', ({ data }) => globalThis.heard.push(data)));
  });
  beforeEach(() => page.evaluate(() => { globalThis.heard = []; }));
  after(() => page.context().close());

  test('gets no message from the popup', async () => {
    const opened = page.waitForEvent('popup');
    await page.click('#sign');
    const popup = await opened;
    await popup.waitForLoadState();
    // The page answers without being asked; what comes after the popup's own messages is this marker.
    await page.evaluate(() => popup.postMessage('{"func":"CheckEnvir"}', '*'));
    await popup.evaluate(() => opener.postMessage('{"func":"marker"}', '*'));
    await page.waitForFunction(() => globalThis.heard.length > 0);
    assert.deepEqual(await page.evaluate(() => globalThis.heard), ['{"func":"marker"}']);
    await popup.close();
  });

  for (const host of [new URL(SITE).hostname, 'nobody.test'])
    test(`does not learn from the window that adds a site whether ${host} is one`, async () => {
      await page.evaluate((address) => {
        const button = document.createElement('button');
        button.id = 'probe';
        button.onclick = () => { globalThis.probe = window.open(address); };
        document.body.replaceChildren(button);
      }, `${SERVER}/addDomain?domain=${host}`);
      const opened = page.waitForEvent('popup');
      await page.click('#probe');
      const popup = await opened;
      await popup.waitForLoadState(); // its script has run
      await popup.evaluate(() => opener.postMessage('marker', '*'));
      await page.waitForFunction(() => globalThis.heard.length > 0);
      assert.deepEqual(await page.evaluate(() => [globalThis.heard, globalThis.probe.closed]), [['marker'], false]);
      await popup.close();
    });

  test('can tell that something listens, and no more: neither the person nor the card is asked anything', async () => {
    const dialogsBefore = (await dialogs()).length;
    await cards.apdus();
    const results = await page.evaluate(async ({ server, nobody }) => {
      const outcome = (address, options) => fetch(address, options).then(({ type }) => type, () => 'failed');
      const form = (name, message) => outcome(`${server}/${name}`, {
        method: 'POST', mode: 'no-cors', body: new URLSearchParams({ tbsPackage: JSON.stringify(message) }),
      });
      return {
        readable: await outcome(`${server}/pkcs11info`),
        sign: await form('sign', { tbs: 'x' }),
        decrypt: await form('decrypt', { cipher: 'AAEC' }),
        popup: await outcome(`${server}/popupForm`, { mode: 'no-cors' }),
        nobody: await outcome(nobody, { mode: 'no-cors' }),
      };
    }, { server: SERVER, nobody: 'http://localhost:61162' });
    // "opaque": there was an answer, of which the page sees nothing.
    const expected = { readable: 'failed', sign: 'opaque', decrypt: 'opaque', popup: 'opaque', nobody: 'failed' };
    assert.deepEqual(results, expected);
    assert.equal((await dialogs()).length, dialogsBefore);
    assert.equal(await cards.apdus(), 0);
  });
});

describe('the popup and its page', () => {
  let page;
  beforeEach(async () => {
    page = await (await browser()).newPage({ origin: SITE });
    await page.goto(SITE + (await pages()).add({ body: await bodyOf('hipki_popup') }));
    await page.evaluate(() => {
      globalThis.heard = [];
      addEventListener('message', ({ data }) => globalThis.heard.push(JSON.parse(data)));
    });
  });
  afterEach(async () => {
    await personWill('approve');
    await page.context().close();
  });
  async function open() {
    const opened = page.waitForEvent('popup');
    await page.click('#sign');
    return opened;
  }
  const isClosed = (popup) => (popup.isClosed() ? undefined : popup.waitForEvent('close'));

  test('a second click while the person is asked starts again in the same window', async () => {
    await personWill('slow', { delayMs: 60_000 });
    const popup = await open();
    await until(promptIsOpen, 'the person is asked');
    await page.click('#sign');
    await page.waitForFunction(() => globalThis.heard.length > 1);
    assert.deepEqual(await page.evaluate(() => globalThis.heard), [{ func: 'getTbs' }, { func: 'getTbs' }]);
    assert.equal(page.context().pages().length, 2);
    // A consent, after which questions that were left do not count any more.
    await popup.close();
    await until(async () => !(await promptIsOpen()), 'the prompt is withdrawn');
    await personWill('approve');
    await open();
    await page.waitForFunction(() => globalThis.heard.at(-1).ret_code === 0);
  });

  test('it closes when the page has gone, and takes its question with it', async () => {
    await personWill('slow', { delayMs: 60_000 });
    const popup = await open();
    await until(promptIsOpen, 'the person is asked');
    await page.close();
    await isClosed(popup);
    await until(async () => !(await promptIsOpen()), 'the prompt is withdrawn');
  });

  test('it closes after a while when the page does not ask', async () => {
    await page.evaluate(() => { document.getElementById('sign').onclick = () => open('http://localhost:61161/popupForm'); });
    await page.context().clock.install();
    const popup = await open();
    await popup.waitForLoadState();
    await popup.clock.runFor(29_000);
    assert.equal(popup.isClosed(), false);
    await Promise.all([isClosed(popup), popup.clock.runFor(2_000).catch(() => {})]);
  });
});

describe('the popup', () => {
  test('shows nothing that it is sent and runs no script of anybody else', async () => {
    const page = await (await browser()).newPage({ origin: SITE });
    await page.goto(`${SERVER}/popupForm`);
    const before = await page.content();
    const outcome = await page.evaluate(async () => {
      const violations = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
      postMessage('<img src=x onerror=alert(1)>', '*');
      const script = document.createElement('script');
      script.setAttribute('nonce', 'x');
      script.append('globalThis.ran = true');
      try {
        document.body.append(script);
      } catch {
        violations.push('threw');
      }
      await new Promise((resolve) => { setTimeout(resolve); });
      script.remove();
      return { ran: globalThis.ran === true, violations: violations.length };
    });
    assert.equal(outcome.ran, false);
    assert.ok(outcome.violations > 0);
    assert.equal(await page.content(), before);
    await page.context().close();
  });
});
