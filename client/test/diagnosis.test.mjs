// Every way in which a connection can fail, as the browsers report it (docs/integrators.md), told apart.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { advice, check, connect, TwcardError } from '../twcard.js';
import { FakeSocket } from './fake_socket.mjs';

const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const rejection = (promise) => promise.then(() => assert.fail('not rejected'), (error) => error);
let now;

function permissionIs(state, name = 'loopback-network') {
  const query = async (asked) => {
    if (asked.name !== name) throw new TypeError('unknown permission');
    return { state };
  };
  Object.defineProperty(globalThis, 'navigator', { value: { permissions: { query } }, configurable: true });
}

beforeEach((context) => {
  FakeSocket.all = [];
  globalThis.WebSocket = FakeSocket;
  now = 0;
  context.mock.method(performance, 'now', () => now);
});

afterEach(() => {
  for (const name of ['WebSocket', 'document', 'isSecureContext']) delete globalThis[name];
  delete globalThis.navigator;
  if (navigator) Object.defineProperty(globalThis, 'navigator', navigator); // Node.js 21 and later have one
});

// The error of a connection that ends with `closeCode` after `waited` ms.
async function failure({ closeCode = 1006, waited = 5, url } = {}) {
  const connecting = connect({ language: 'en', url });
  now = waited;
  FakeSocket.last.end(closeCode, '');
  return rejection(connecting);
}

describe('a connection that fails', () => {
  for (const [what, permission, how, code] of [
    ['fast, with the permission given', 'granted', {}, 'not_running'],
    ['fast, before the person was asked', 'prompt', {}, 'not_running'],
    ['slowly, with the permission given', 'granted', { waited: 5000 }, 'not_running'],
    ['slowly, and the question is still open', 'prompt', { waited: 701 }, 'dismissed'],
    ['in 700 ms, which a question does not need', 'prompt', { waited: 700 }, 'not_running'],
    ['with the permission denied', 'denied', {}, 'blocked'],
    ['slowly, with the permission denied', 'denied', { waited: 5000 }, 'blocked'],
    ['by TLS at a wss: address', 'granted', { closeCode: 1015, url: 'wss://localhost:25120/' }, 'tls_not_trusted'],
    ['by TLS at a ws: address, which only the page can have changed', 'prompt', { closeCode: 1015 }, 'page_policy'],
  ]) {
    test(`${what}: ${code}`, async () => {
      permissionIs(permission);
      assert.equal((await failure(how)).code, code);
    });
  }

  test('in a browser that knows no such permission: not_running', async () => {
    permissionIs('denied', 'something-else');
    assert.equal((await failure({ waited: 5000 })).code, 'not_running');
  });

  test('in a Chromium that has the permission under its first name: blocked', async () => {
    permissionIs('denied', 'local-network-access');
    assert.equal((await failure()).code, 'blocked');
  });

  test('on a page without TLS: page_policy', async () => {
    permissionIs('denied');
    globalThis.isSecureContext = false;
    const error = await failure();
    assert.deepEqual([error.code, error.detail], ['page_policy', 'the page is not https:']);
  });

  test('in an iframe that was not given the permission: page_policy', async () => {
    permissionIs('denied');
    const featurePolicy = { features: () => ['loopback-network'], allowsFeature: () => false };
    globalThis.document = Object.assign(new EventTarget(), { featurePolicy });
    const error = await failure();
    assert.equal(error.code, 'page_policy');
    assert.match(error.detail, /allow="loopback-network"/);
  });
});

describe('the page\'s own policy', () => {
  test('by a constructor that throws (Firefox)', async () => {
    globalThis.WebSocket = class {
      constructor() {
        throw new DOMException('insecure', 'SecurityError');
      }
    };
    const error = await rejection(connect({ language: 'en' }));
    assert.deepEqual([error.code, error.detail], ['page_policy', 'SecurityError: insecure']);
  });

  test('by an error event that no close event follows (Chromium)', async () => {
    permissionIs('granted');
    const connecting = connect({ language: 'en' });
    FakeSocket.last.onerror({});
    assert.equal((await rejection(connecting)).code, 'page_policy');
  });

  test('by the event of a violation, of this address alone', async () => {
    permissionIs('granted');
    for (const [blockedURI, code] of [['ws://127.0.0.1:25120', 'page_policy'], ['https://other.test', 'not_running']]) {
      globalThis.document = new EventTarget();
      const connecting = connect({ language: 'en' });
      document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { effectiveDirective: 'connect-src', blockedURI }));
      FakeSocket.last.fail();
      assert.equal((await rejection(connecting)).code, code);
    }
  });
});

describe('advice', () => {
  const LOCAL = ['blocked', 'dismissed', 'not_running', 'tls_not_trusted', 'page_policy', 'origin_denied',
    'too_many_connections', 'connection_closed', 'aborted', 'not_answering', 'protocol_error'];

  test('for what a service\'s sentence leaves open there are steps in both languages', () => {
    for (const code of ['no_card', 'no_reader', 'profile_missing', 'site_unreachable', 'site_failed']) {
      const [english, chinese] = [advice(code, 'en'), advice(code, 'zh-TW')];
      assert.ok(english.steps.length > 0, code);
      assert.equal(chinese.steps.length, english.steps.length, code);
      assert.equal(english.title + chinese.title, '', code);
      assert.equal(chinese.do, english.do);
    }
  });

  test('for every state there is a sentence in both languages, and what the page can offer', () => {
    for (const code of LOCAL) {
      const [english, chinese] = [advice(code, 'en'), advice(code, 'zh-TW')];
      assert.match(english.title, /^[A-Z].*\.$/, code);
      assert.doesNotMatch(english.title + english.steps, /\p{Script=Han}/u, code);
      for (const sentence of [chinese.title, ...chinese.steps]) assert.match(sentence, /\p{Script=Han}.*。$|：/u, code);
      assert.equal(chinese.steps.length, english.steps.length, code);
      assert.equal(chinese.do, english.do);
      assert.ok(['allow', 'retry', 'administer', 'report'].includes(english.do), code);
    }
  });

  test('goes with every error: its sentence, the steps, in the language of the connection', async () => {
    permissionIs('denied');
    for (const [language, text] of [['en', /does not let this site/], ['zh-TW', /不允許本網站/]]) {
      const connecting = connect({ language });
      FakeSocket.last.end(1006, '');
      const error = await rejection(connecting);
      assert.ok(error instanceof TwcardError);
      assert.match(error.message, text);
      assert.equal(error.advice.title, error.message);
      assert.equal(error.advice.do, 'allow');
      assert.equal(error.advice.steps.length, 3);
    }
  });

  test('of an unknown code is to try again', () => {
    assert.deepEqual(advice('constructor', 'en'), { title: '', steps: [], do: 'retry' });
  });
});

describe('check', () => {
  test('gives the state as a value and leaves no connection', async () => {
    const checking = check({ language: 'en' });
    const socket = FakeSocket.last;
    socket.onopen();
    const hello = { service: 'twcard', version: '0.1.0', protocol: 1, methods: [] };
    socket.answer({ id: (await socket.request(1)).id, result: hello });
    assert.deepEqual(await checking, { state: 'ready', service: hello, advice: null });
    assert.ok(socket.closed);
  });

  test('gives what is in the way, with its advice', async () => {
    permissionIs('denied');
    const checking = check({ language: 'en' });
    FakeSocket.last.fail();
    const { state, service, advice: given } = await checking;
    assert.deepEqual([state, service, given.do], ['blocked', null, 'allow']);
  });
});
