import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as client from '../twcard.js';
import { createSimulator } from '../simulator/simulator.js';

const ORIGIN = 'https://page.test:8443';
const NONCE = Buffer.alloc(48, 5).toString('base64');
const simulator = await createSimulator({ origin: ORIGIN });
const rejection = (promise) => promise.then(() => assert.fail('not rejected'), (error) => error);
const connected = (options) => simulator.connect({ language: 'en', ...options });
const sha256 = (data) => createHash('sha256').update(data).digest();

describe('the simulator', () => {
  test('has everything that the client has', () => {
    for (const name of Object.keys(client).filter((exported) => exported !== 'checkIn')) {
      assert.equal(typeof simulator[name], typeof client[name], name);
    }
  });

  test('makes login tokens that verify: certificate, chain, signature over origin and nonce', async () => {
    const card = await connected();
    const token = await card.authenticate(NONCE);
    card.close();
    assert.deepEqual([token.format, token.algorithm], ['web-eid:1.0', 'RS256']);
    const certificate = new X509Certificate(Buffer.from(token.unverifiedCertificate, 'base64'));
    const root = new X509Certificate(simulator.rootCertificate);
    assert.ok(certificate.verify(root.publicKey));
    assert.match(certificate.subject, /CN=王小明/);
    const message = Buffer.concat([sha256(ORIGIN), sha256(NONCE)]);
    const signature = Buffer.from(token.signature, 'base64');
    assert.ok(verify('sha256', message, certificate.publicKey, signature));
    assert.ok(!verify('sha256', Buffer.concat([sha256('https://other.test'), sha256(NONCE)]), certificate.publicKey, signature));
  });

  test('its certificates are accepted by OpenSSL, with the list of revoked ones', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twcard-simulator.'));
    try {
      const file = (name, content) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const card = await connected();
      const [{ certificate }] = await card.certificates();
      card.close();
      const der = file('own.der', Buffer.from(certificate, 'base64'));
      const own = join(folder, 'own.pem');
      execFileSync('openssl', ['x509', '-inform', 'DER', '-in', der, '-out', own]);
      const root = file('root.pem', simulator.rootCertificate);
      const list = file('root.crl', simulator.revocationList);
      const verdict = execFileSync('openssl', ['verify', '-x509_strict', '-crl_check', '-CAfile', root, '-CRLfile', list, own]);
      assert.match(verdict.toString(), /: OK/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('signs a hash of every length that the protocol has', async () => {
    const card = await connected();
    const [{ certificate }] = await card.certificates();
    const key = createPublicKey({ key: new X509Certificate(Buffer.from(certificate, 'base64')).publicKey.export({ type: 'spki', format: 'pem' }) });
    for (const hashFunction of ['SHA-256', 'SHA-384', 'SHA-512']) {
      const name = hashFunction.replace('-', '').toLowerCase();
      const hash = createHash(name).update('text').digest();
      const { signature } = await card.sign({ certificate, hash, hashFunction });
      assert.ok(verify(name, Buffer.from('text'), key, Buffer.from(signature, 'base64')), hashFunction);
    }
    card.close();
  });

  test('reads the invented person\'s NHI card, the named fields alone', async () => {
    const card = await connected();
    assert.deepEqual((await card.readNhiCard(['name', 'birth_date'])).fields, { name: '王小明', birth_date: '1990-01-02' });
    card.close();
  });

  test('has the NHI card proved: the insurer\'s signature over card number, origin and challenge verifies', async () => {
    const card = await connected();
    const { cardNumber, signed, signature } = await card.authenticateWithNhiCard(NONCE);
    card.close();
    const bound = sha256(Buffer.concat([sha256(ORIGIN), sha256(NONCE)])).toString('base64url').slice(0, 16);
    assert.deepEqual([cardNumber, signed], [simulator.person.cardNumber, `0001${bound}`]);
    assert.match(signature, /^[0-9A-F]{256}$/);
    const key = createPublicKey(simulator.insurerKey);
    assert.ok(verify('sha256', Buffer.from(cardNumber + signed), key, Buffer.from(signature, 'hex')));
  });

  test('the insurer\'s site can fail, at a step', async () => {
    const card = await connected();
    simulator.fail('site_failed', { method: 'nhi.authenticate', step: 'hello' });
    const error = await rejection(card.authenticateWithNhiCard(NONCE));
    assert.deepEqual([error.code, error.step, error.advice.do], ['site_failed', 'hello', 'retry']);
    card.close();
  });

  test('takes another person', async () => {
    const other = await createSimulator({ origin: ORIGIN, person: { name: '陳美麗', idNumber: 'F131232216' } });
    const card = await other.connect();
    assert.equal((await card.readNhiCard(['id_number'])).fields.id_number, 'F131232216');
    assert.match((await card.certificates())[0].subject, /陳美麗/);
    card.close();
  });

  for (const state of ['blocked', 'dismissed', 'not_running', 'page_policy', 'origin_denied', 'too_many_connections']) {
    test(`can be ${state}`, async () => {
      simulator.state = state;
      assert.equal((await rejection(connected())).code, state);
      assert.equal((await simulator.check()).state, state);
      simulator.state = 'ready';
      assert.equal((await simulator.check()).state, 'ready');
    });
  }

  test('can be tls_not_trusted, at a wss: address', async () => {
    simulator.state = 'tls_not_trusted';
    assert.equal((await rejection(connected({ url: 'wss://localhost:25120/' }))).code, 'tls_not_trusted');
    simulator.state = 'ready';
  });

  test('can be not_answering', async (context) => {
    simulator.state = 'not_answering';
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const connecting = connected();
    const failed = rejection(connecting);
    context.mock.timers.tick(1);
    await new Promise((resolve) => setImmediate(resolve));
    context.mock.timers.tick(10_000);
    assert.equal((await failed).code, 'not_answering');
    simulator.state = 'ready';
  });

  test('refuses a state that there is not', () => {
    assert.throws(() => {
      simulator.state = 'tired';
    }, RangeError);
  });

  const SERVICE_CODES = ['pin_incorrect', 'pin_blocked', 'pin_length', 'pin_required', 'pin_last_try', 'user_cancelled', 'no_card',
    'card_removed', 'card_busy', 'several_cards', 'no_reader', 'no_pcsc', 'unsupported_card', 'card_error', 'card_refused',
    'profile_missing', 'signature_mismatch', 'origin_denied', 'user_denied', 'prompt_unavailable', 'site_unreachable',
    'site_failed', 'service_unavailable', 'timeout', 'bad_request', 'internal'];

  test('fails with every code of the service, on request and as often as requested', async () => {
    const card = await connected();
    for (const code of SERVICE_CODES) {
      simulator.fail(code, { triesLeft: 2, detail: 'because', times: 2 });
      for (let time = 0; time < 2; ++time) {
        const error = await rejection(card.authenticate(NONCE));
        assert.deepEqual([error.code, error.triesLeft, error.detail], [code, 2, 'because']);
        assert.ok(error instanceof simulator.TwcardError);
      }
      assert.equal((await card.authenticate(NONCE)).format, 'web-eid:1.0');
    }
    card.close();
  });

  test('fails the named method alone', async () => {
    const card = await connected();
    simulator.fail('no_reader', { method: 'nhi.read' });
    await card.authenticate(NONCE);
    assert.equal((await rejection(card.readNhiCard(['name']))).code, 'no_reader');
    card.close();
  });

  test('refuses what the service refuses, before anybody is asked', async () => {
    const card = await connected();
    for (const call of [
      () => card.authenticate('short'),
      () => card.authenticate('*'.repeat(44)),
      () => card.authenticateWithNhiCard('short'),
      () => card.authenticateWithNhiCard(7),
      () => card.readNhiCard([]),
      () => card.readNhiCard(['name', 'name']),
      () => card.readNhiCard(['shoe_size']),
      () => card.sign({ certificate: '', hash: new Uint8Array(20), hashFunction: 'SHA-256' }),
      () => card.sign({ certificate: '', hash: new Uint8Array(20), hashFunction: 'SHA-1' }),
    ]) assert.equal((await rejection(call())).code, 'bad_request');
    card.close();
  });

  test('a prompt that stays open can be aborted', async () => {
    const release = simulator.holdPrompts();
    const controller = new AbortController();
    const card = await connected();
    const signing = card.authenticate(NONCE, { signal: controller.signal });
    controller.abort();
    assert.equal((await rejection(signing)).code, 'aborted');
    release();
  });

  test('tells a page that watches when the permission changes', async () => {
    const seen = [];
    await simulator.watchPermission((state) => seen.push(state));
    simulator.state = 'blocked';
    simulator.state = 'ready';
    assert.deepEqual(seen, ['denied', 'granted']);
  });

  test('needs the origin that the tokens are for', async () => {
    assert.match((await rejection(createSimulator())).message, /origin/);
  });
});
