// Pages written for the HiPKI local sign server, unchanged, in front of twcard-web (docs/dialects.md). What the old
// component did wrong has a test here or in tests/daemon/web/dialects/hipki.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { constants, createVerify, publicEncrypt, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { browser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';
import { cards, dialogs, person, personWill } from './lib/stack.mjs';

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
    const popup = page.waitForEvent('popup');
    await page.click(`#${button}`);
    await popup;
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
    assert.ok(slots.some(({ token }) => token === 'unknown token'), 'the NHI card is told, too');
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

  test('is told of a refusal by its code, and the card is asked nothing', async () => {
    await personWill('refuse');
    await cards.apdus();
    const answer = await press('sign');
    assert.equal(answer.ret_code, 0x76000999);
    assert.equal(await cards.apdus(), 0);
  });

  test('is told of a wrong PIN with the tries left', async () => {
    await personWill('wrong-pin');
    const answer = await press('sign');
    assert.deepEqual([answer.ret_code, answer.last_error], [0x76100006, 0x80000002]);
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

describe('a page that looks for cards by a bitmap', () => {
  test('reads the same as over HTTP; cards are listed anew', async () => {
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
  });
  after(() => page.context().close());

  test('gets nothing from the popup, not even that it is there', async () => {
    await page.evaluate(() => {
      globalThis.heard = [];
      addEventListener('message', ({ data }) => globalThis.heard.push(data));
    });
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

  test('cannot use the addresses, and neither the person nor the card is asked anything', async () => {
    const dialogsBefore = (await dialogs()).length;
    await cards.apdus();
    const results = await page.evaluate(async (server) => {
      const form = (name, message) => fetch(`${server}/${name}`, {
        method: 'POST', mode: 'no-cors', body: new URLSearchParams({ tbsPackage: JSON.stringify(message) }),
      }).then(() => 'sent', () => 'failed');
      const readable = await fetch(`${server}/pkcs11info`).then(() => 'readable', () => 'failed');
      return [readable, await form('sign', { tbs: 'x' }), await form('decrypt', { cipher: 'AAEC' })];
    }, SERVER);
    assert.equal(results[0], 'failed');
    assert.equal((await dialogs()).length, dialogsBefore);
    assert.equal(await cards.apdus(), 0);
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
