import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSimulator } from '../simulator/simulator.js';

const NONCE = Buffer.alloc(32, 7).toString('base64');
const rejection = (promise) => promise.then(() => assert.fail('not rejected'), (error) => error);
const simulatorAt = () => createSimulator({ origin: 'https://page.test' });
const asked = async (simulator, method) => {
  while (!simulator.requests.some((request) => request.method === method)) await new Promise(setImmediate);
};
const once = (events, type) => new Promise((resolve) => events.addEventListener(type, resolve, { once: true }));

describe('a connection that stays', () => {
  test('comes back after a restart of the service', async () => {
    const simulator = await simulatorAt();
    const card = await simulator.stayConnected({ language: 'en' });
    const states = [];
    card.events.addEventListener('state', ({ detail }) => states.push(detail.state));
    simulator.restart();
    assert.equal(card.state, 'connecting');
    assert.equal(card.service, null);
    await once(card.events, 'state');
    assert.deepEqual(states, ['connecting', 'ready']);
    assert.equal((await card.authenticate(NONCE)).format, 'web-eid:1.0');
    assert.equal((await card.authenticateWithNhiCard(NONCE)).signed.length, 20);
    card.close();
  });

  test('waits until a service that was stopped is back', async () => {
    const simulator = await simulatorAt();
    const card = await simulator.stayConnected();
    simulator.state = 'not_running';
    simulator.restart();
    for (let tries = 0; tries < 2; ++tries) {
      const { detail } = await once(card.events, 'state');
      assert.deepEqual([detail.state, detail.error.code], ['connecting', 'not_running']);
    }
    simulator.state = 'ready';
    assert.equal((await once(card.events, 'state')).detail.state, 'ready');
    card.close();
  });

  test('rejects what was under way and does not repeat it; a call in between waits', async () => {
    const simulator = await simulatorAt();
    const card = await simulator.stayConnected();
    const release = simulator.holdPrompts();
    const underWay = card.authenticate(NONCE);
    await asked(simulator, 'authenticate');
    simulator.restart();
    assert.equal((await rejection(underWay)).code, 'connection_closed');
    release();
    const waiting = card.readNhiCard(['name']);
    assert.equal((await waiting).fields.name, '王小明');
    assert.deepEqual(simulator.requests.map(({ method }) => method), ['hello', 'authenticate', 'hello', 'nhi.read']);
    card.close();
  });

  test('tells of a card swap, before and after a restart', async () => {
    const simulator = await simulatorAt();
    const card = await simulator.stayConnected();
    await card.subscribe();
    const seen = [];
    for (const type of ['card_inserted', 'card_ready', 'card_removed']) {
      card.events.addEventListener(type, ({ detail }) => seen.push(`${type} ${detail.card.kind}`));
    }
    await card.certificates();
    simulator.remove('citizen');
    assert.equal((await rejection(card.authenticate(NONCE))).code, 'no_card');
    simulator.insert('citizen');
    await card.authenticate(NONCE);
    assert.deepEqual(seen, ['card_removed hicos', 'card_inserted hicos', 'card_ready hicos']);
    simulator.restart();
    await card.certificates();
    assert.equal(simulator.requests.filter(({ method }) => method === 'events').length, 2, 'subscribed again');
    simulator.remove('citizen');
    await once(card.events, 'card_removed');
    card.close();
  });

  for (const code of ['blocked', 'origin_denied', 'page_policy']) {
    test(`ends when it is ${code}: trying again by itself cannot help`, async () => {
      const simulator = await simulatorAt();
      const card = await simulator.stayConnected();
      simulator.state = code;
      simulator.restart();
      assert.equal((await once(card.events, 'close')).detail.error.code, code);
      assert.equal(card.state, 'ended');
      assert.equal((await rejection(card.certificates())).code, code);
    });
  }

  test('the first connection\'s failure is the caller\'s', async () => {
    const simulator = await simulatorAt();
    simulator.state = 'not_running';
    assert.equal((await rejection(simulator.stayConnected())).code, 'not_running');
    assert.equal((await rejection(simulator.stayConnected({ signal: AbortSignal.abort() }))).code, 'aborted');
  });

  test('signals: of the connection, of a call that waits for it, of a call under way', async () => {
    const simulator = await simulatorAt();
    const whole = new AbortController();
    const card = await simulator.stayConnected({ signal: whole.signal });
    simulator.state = 'not_running';
    simulator.restart();
    const one = new AbortController();
    const waiting = card.certificates({ signal: one.signal });
    one.abort();
    assert.equal((await rejection(waiting)).code, 'aborted');
    simulator.state = 'ready';
    const release = simulator.holdPrompts();
    const call = new AbortController();
    const underWay = card.authenticate(NONCE, { signal: call.signal });
    await asked(simulator, 'authenticate');
    call.abort();
    assert.equal((await rejection(underWay)).code, 'aborted');
    release();
    assert.equal((await card.certificates()).length, 1, 'the connection came back');
    whole.abort();
    assert.equal((await rejection(card.certificates())).code, 'aborted');
    assert.equal(card.state, 'ended');
  });
});
