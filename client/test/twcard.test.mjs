import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { connect, MAIN_ADDRESS, TwcardError } from '../twcard.js';
import { FakeSocket } from './fake_socket.mjs';

const HELLO = { service: 'twcard', version: '0.1.0', protocol: 1, methods: ['hello', 'authenticate'] };

beforeEach(() => {
  FakeSocket.all = [];
  globalThis.WebSocket = FakeSocket;
});

afterEach(() => {
  mock.timers.reset();
  delete globalThis.WebSocket;
});

// A connection past its hello, and the socket under it.
async function connected(options = {}) {
  const connecting = connect({ language: 'en', ...options });
  const socket = FakeSocket.last;
  socket.onopen();
  const { id } = await socket.request(1);
  socket.answer({ id, result: HELLO });
  return { card: await connecting, socket };
}

const rejection = (promise) => promise.then(() => assert.fail('not rejected'), (error) => error);

describe('connecting', () => {
  test('uses the main address and the subprotocol, and greets in the page\'s language', async () => {
    const { card, socket } = await connected({ language: 'zh-Hant-TW' });
    assert.equal(MAIN_ADDRESS, 'ws://127.0.0.1:25120/');
    assert.equal(socket.url, MAIN_ADDRESS);
    assert.equal(socket.protocol, 'twcard.v1');
    assert.equal(socket.sent[0].method, 'hello');
    assert.equal(socket.sent[0].params.language, 'zh-TW');
    assert.deepEqual(card.service, HELLO);
  });

  test('hints at the permission after 700 ms of waiting, once, and goes on waiting', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const onHint = mock.fn();
    const connecting = connect({ onHint });
    mock.timers.tick(699);
    assert.equal(onHint.mock.callCount(), 0);
    mock.timers.tick(1);
    mock.timers.tick(3_600_000);
    assert.deepEqual(onHint.mock.calls.map(({ arguments: given }) => given), [['permission']]);
    const socket = FakeSocket.last;
    socket.onopen();
    socket.answer({ id: (await socket.request(1)).id, result: HELLO });
    await connecting;
  });

  test('gives no hint when the service answers at once', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const onHint = mock.fn();
    await connected({ onHint });
    mock.timers.tick(60_000);
    assert.equal(onHint.mock.callCount(), 0);
  });

  test('a program that accepts and says nothing is given up after ten seconds', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const connecting = connect({ language: 'en' });
    const socket = FakeSocket.last;
    socket.onopen();
    await socket.request(1);
    mock.timers.tick(10_000);
    assert.equal((await rejection(connecting)).code, 'not_answering');
    assert.ok(socket.closed);
  });

  test('a refused origin is distinguished from a missing service', async () => {
    const connecting = connect({ language: 'en' });
    const socket = FakeSocket.last;
    socket.onopen();
    await socket.request(1);
    socket.end(4403, 'origin refused');
    const error = await rejection(connecting);
    assert.equal(error.code, 'origin_denied');
    assert.equal(error.detail, '4403 origin refused');
  });

  test('too many connections have a code of their own', async () => {
    const connecting = connect({ language: 'en' });
    FakeSocket.last.onopen();
    FakeSocket.last.end(4429, '');
    assert.equal((await rejection(connecting)).code, 'too_many_connections');
  });

  test('another service behind the address is refused', async () => {
    const connecting = connect({ language: 'en' });
    const socket = FakeSocket.last;
    socket.onopen();
    socket.answer({ id: (await socket.request(1)).id, result: { service: 'other', protocol: 1 } });
    assert.equal((await rejection(connecting)).code, 'protocol_error');
    assert.ok(socket.closed);
  });

  test('can be aborted before it starts and while it waits', async () => {
    assert.equal((await rejection(connect({ signal: AbortSignal.abort() }))).code, 'aborted');
    assert.equal(FakeSocket.all.length, 0);
    const controller = new AbortController();
    const connecting = connect({ signal: controller.signal });
    controller.abort();
    assert.equal((await rejection(connecting)).code, 'aborted');
    assert.ok(FakeSocket.last.closed);
  });
});

describe('calling', () => {
  test('authenticate sends the nonce as it is and gives the token as it is', async () => {
    const { card, socket } = await connected();
    const answering = card.authenticate('bm9uY2U=');
    const request = await socket.request(2);
    assert.deepEqual(request, { id: 2, method: 'authenticate', params: { nonce: 'bm9uY2U=' } });
    const token = { format: 'web-eid:1.0', signature: 'c2ln' };
    socket.answer({ id: 2, result: token });
    assert.deepEqual(await answering, token);
  });

  test('readNhiCard, certificates and subscribe use the methods of the protocol', async () => {
    const { card, socket } = await connected();
    const reading = card.readNhiCard(['name']);
    const listing = card.certificates();
    const subscribing = card.subscribe();
    assert.deepEqual(await socket.request(2), { id: 2, method: 'nhi.read', params: { fields: ['name'] } });
    assert.deepEqual(await socket.request(3), { id: 3, method: 'certificates' });
    assert.deepEqual(await socket.request(4), { id: 4, method: 'events' });
    socket.answer({ id: 4, result: {} });
    socket.answer({ id: 3, result: { certificates: [{ label: 'cert1' }] } });
    socket.answer({ id: 2, result: { fields: { name: '王小明' }, nameUncertain: false, warnings: [] } });
    assert.equal((await reading).fields.name, '王小明');
    assert.deepEqual(await listing, [{ label: 'cert1' }]);
    await subscribing;
  });

  test('authenticateWithNhiCard sends the challenge as it is and gives the proof as it is', async () => {
    const { card, socket } = await connected();
    const answering = card.authenticateWithNhiCard('Y2hhbGxlbmdl');
    assert.deepEqual(await socket.request(2), { id: 2, method: 'nhi.authenticate', params: { challenge: 'Y2hhbGxlbmdl' } });
    const proof = { cardNumber: '900000000001', signed: '0001abcdefghijklmnop', signature: 'AB' };
    socket.answer({ id: 2, result: proof });
    assert.deepEqual(await answering, proof);
  });

  test('aborting authenticateWithNhiCard rejects it and ends the connection', async () => {
    const { card, socket } = await connected();
    const controller = new AbortController();
    const answering = card.authenticateWithNhiCard('x', { signal: controller.signal });
    controller.abort();
    assert.equal((await rejection(answering)).code, 'aborted');
    assert.ok(socket.closed);
  });

  test('a failure of the insurer\'s site keeps its step, and says what helps', async () => {
    const { card, socket } = await connected({ language: 'zh-TW' });
    const answering = card.authenticateWithNhiCard('x');
    const { id } = await socket.request(2);
    socket.answer({ id, error: { code: 'site_failed', message: { en: 'no', 'zh-TW': '未接受' }, step: 'challenge' } });
    const error = await rejection(answering);
    assert.deepEqual([error.step, error.advice.title, error.advice.do], ['challenge', '未接受', 'retry']);
    assert.match(error.advice.steps[0], /健保卡/);
  });

  test('sign takes octets or base64', async () => {
    const { card, socket } = await connected();
    const hash = new Uint8Array([255, 1, 2, 3, 255]).subarray(1, 4);
    const signing = card.sign({ certificate: 'AQID', hash, hashFunction: 'SHA-256' });
    const { id, params } = await socket.request(2);
    assert.deepEqual(params, { certificate: 'AQID', hash: 'AQID', hashFunction: 'SHA-256' });
    socket.answer({ id, result: { signature: 'eA==' } });
    assert.equal((await signing).signature, 'eA==');
  });

  test('an error of the service keeps code, text of the language, detail and remaining attempts', async () => {
    for (const [language, text] of [['zh-TW', 'PIN 碼錯誤'], ['en', 'wrong PIN']]) {
      const { card, socket } = await connected({ language });
      const answering = card.authenticate('x');
      const { id } = await socket.request(2);
      socket.answer({
        id,
        error: { code: 'pin_incorrect', message: { en: 'wrong PIN', 'zh-TW': 'PIN 碼錯誤' }, detail: 'd', tries_left: 2 },
      });
      const error = await rejection(answering);
      assert.ok(error instanceof TwcardError);
      assert.deepEqual([error.code, error.message, error.detail, error.triesLeft], ['pin_incorrect', text, 'd', 2]);
    }
  });

  test('an error answer leaves the connection usable', async () => {
    const { card, socket } = await connected();
    const refused = card.authenticate('x');
    socket.answer({ id: (await socket.request(2)).id, error: { code: 'user_denied', message: { en: 'no' } } });
    assert.equal((await rejection(refused)).code, 'user_denied');
    const again = card.authenticate('y');
    socket.answer({ id: (await socket.request(3)).id, result: { format: 'web-eid:1.0' } });
    assert.equal((await again).format, 'web-eid:1.0');
  });
});

describe('ending', () => {
  test('a closed connection rejects every pending call and every later one', async () => {
    const { card, socket } = await connected();
    const calls = [card.authenticate('x'), card.certificates()];
    let ended;
    card.events.addEventListener('close', ({ detail }) => {
      ended = detail.error.code;
    });
    socket.end(1006, '');
    for (const call of calls) assert.equal((await rejection(call)).code, 'connection_closed');
    assert.equal(ended, 'connection_closed');
    assert.equal((await rejection(card.authenticate('y'))).code, 'connection_closed');
  });

  test('close() and the signal of connect() both end the connection', async () => {
    const first = await connected();
    const pending = first.card.authenticate('x');
    first.card.close();
    assert.equal((await rejection(pending)).code, 'connection_closed');
    assert.ok(first.socket.closed);

    const controller = new AbortController();
    const second = await connected({ signal: controller.signal });
    const waiting = second.card.authenticate('x');
    controller.abort();
    assert.equal((await rejection(waiting)).code, 'aborted');
    assert.ok(second.socket.closed);
  });

  test('aborting one call rejects it, and ends the connection so that its prompt closes', async () => {
    const { card, socket } = await connected();
    assert.equal((await rejection(card.authenticate('x', { signal: AbortSignal.abort() }))).code, 'aborted');
    assert.equal(socket.sent.length, 1, 'nothing was asked');
    const controller = new AbortController();
    const aborted = card.authenticate('x', { signal: controller.signal });
    const other = card.certificates();
    controller.abort();
    assert.equal((await rejection(aborted)).code, 'aborted');
    assert.equal((await rejection(other)).code, 'connection_closed');
    assert.ok(socket.closed);
  });

  test('aborting a call that has been answered changes nothing', async () => {
    const { card, socket } = await connected();
    const controller = new AbortController();
    const answering = card.authenticate('x', { signal: controller.signal });
    socket.answer({ id: (await socket.request(2)).id, result: {} });
    await answering;
    controller.abort();
    assert.equal(socket.closed, false);
  });

  test('an answer that violates the protocol ends the connection', async () => {
    for (const message of ['{', 'null', '{"id":2}', { id: 99, result: {} }]) {
      const { card, socket } = await connected();
      const pending = card.authenticate('x');
      await socket.request(2);
      socket.answer(message);
      assert.equal((await rejection(pending)).code, 'protocol_error');
      assert.ok(socket.closed);
    }
  });
});

describe('events', () => {
  test('card events arrive with their card; events of a later version are ignored', async () => {
    const { card, socket } = await connected();
    const seen = [];
    for (const type of ['card_inserted', 'card_removed', 'card_dreamt']) {
      card.events.addEventListener(type, ({ detail }) => seen.push([type, detail.card.kind]));
    }
    socket.answer({ event: 'card_inserted', card: { kind: 'hicos' } });
    socket.answer({ event: 'card_dreamt', card: { kind: 'hicos' } });
    socket.answer({ event: 'card_removed', card: { kind: 'hicos' } });
    assert.deepEqual(seen, [['card_inserted', 'hicos'], ['card_removed', 'hicos']]);
    assert.equal(socket.closed, false);
  });
});
