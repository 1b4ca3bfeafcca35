// What twcard-web and the service behind it answer (docs/protocol.md), for one invented person who agrees to everything.
import { HASH_FUNCTIONS, signHash, toBase64 } from './test_identity.js';

const VERSION = '0.1.0';
const KINDS = { citizen: 'hicos', nhi: 'nhi' };
const NEEDS = {
  authenticate: 'citizen', certificates: 'citizen', sign: 'citizen', 'nhi.read': 'nhi', 'nhi.authenticate': 'nhi',
};
const NHI_FIELDS = ['card_number', 'name', 'id_number', 'birth_date', 'sex', 'issue_date', 'termination'];
const METHODS = ['hello', ...Object.keys(NEEDS), 'events'];

class Failure extends Error {
  constructor({ code, triesLeft, detail, step }) {
    super(code);
    this.form = { code, message: { en: `Simulated: ${code}`, 'zh-TW': `模擬：${code}` } };
    if (triesLeft !== undefined) this.form.tries_left = triesLeft;
    if (detail !== undefined) this.form.detail = detail;
    if (step !== undefined) this.form.step = step;
  }
}

const bad = (detail) => {
  throw new Failure({ code: 'bad_request', detail });
};

function octetsOf(text, name) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return bad(`${name}: not base64`);
  }
}

const sha256 = async (octets) => new Uint8Array(await crypto.subtle.digest('SHA-256', octets));
const sha256OfText = (text) => sha256(new TextEncoder().encode(text));

export class SimulatedService {
  requests = [];
  #origin;
  #cards;
  #failures = [];
  #pages = new Map(); // socket → {subscribed, agreed: kinds of cards that this page has had a consent for}
  #held = null;

  constructor({ origin, person, cards, identity, insurer }) {
    this.#origin = origin;
    this.person = person;
    this.identity = identity;
    this.insurer = insurer;
    this.#cards = new Set();
    cards.forEach((kind) => this.#cards.add(this.#known(kind)));
  }

  fail(failure) {
    this.#failures.push(failure);
  }

  insert(kind) {
    this.#cards.add(this.#known(kind));
    this.#announce('card_inserted', kind);
    this.#announce('card_ready', kind);
  }

  remove(kind) {
    this.#cards.delete(this.#known(kind));
    this.#announce('card_removed', kind);
  }

  holdPrompts() {
    let release;
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.#held = null;
      release();
    };
  }

  left(socket) {
    this.#pages.delete(socket);
  }

  async received(socket, text) {
    const { id, method, params = {} } = JSON.parse(text);
    this.requests.push({ method, params });
    try {
      socket.tell({ id, result: await this.#answer(socket, method, params) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      socket.tell({ id, error: error.form });
    }
  }

  #known(kind) {
    if (!Object.hasOwn(KINDS, kind)) throw new RangeError(`card: one of ${Object.keys(KINDS).join(', ')}`);
    return kind;
  }

  #announce(event, kind) {
    for (const [socket, { subscribed, agreed }] of this.#pages) {
      if (subscribed && agreed.has(kind)) socket.tell({ event, card: { kind: KINDS[kind] } });
    }
  }

  #page(socket) {
    if (!this.#pages.has(socket)) this.#pages.set(socket, { subscribed: false, agreed: new Set() });
    return this.#pages.get(socket);
  }

  #takeFailure(method) {
    const index = this.#failures.findIndex((failure) => failure.method === undefined || failure.method === method);
    if (index < 0) return;
    const failure = this.#failures[index];
    failure.times -= 1;
    if (failure.times <= 0) this.#failures.splice(index, 1);
    throw new Failure(failure);
  }

  async #answer(socket, method, params) {
    const page = this.#page(socket);
    if (method === 'hello') return { service: 'twcard', version: VERSION, protocol: 1, methods: METHODS };
    if (method === 'events') {
      this.#takeFailure(method);
      page.subscribed = true;
      return {};
    }
    if (!Object.hasOwn(NEEDS, method)) bad('method: unknown method');
    const work = this.#prepare(method, params);
    await this.#held;
    this.#takeFailure(method);
    const kind = NEEDS[method];
    page.agreed.add(kind);
    if (!this.#cards.has(kind)) throw new Failure({ code: 'no_card' });
    return work();
  }

  // Checks the request before the person is asked; what it returns does the work.
  #prepare(method, params) {
    if (method === 'certificates') return () => ({ certificates: [this.#ownCertificate()] });
    if (method === 'nhi.read') return this.#nhiReading(params.fields);
    if (method === 'sign') return this.#signature(params);
    if (method === 'nhi.authenticate') return this.#nhiProof(params.challenge);
    return this.#token(params.nonce);
  }

  #ownCertificate() {
    const { certificate, subject, notBefore, notAfter } = this.identity;
    return {
      certificate: toBase64(certificate), role: 'signature', label: 'cert1', subject, notBefore, notAfter,
      issuer: 'OU=Test authority of the page-side simulator, O=twcard simulator, C=TW', usage: ['digitalSignature'],
    };
  }

  #nhiReading(fields) {
    if (!Array.isArray(fields) || fields.length === 0) bad('fields: at least one name');
    if (!fields.every((name) => NHI_FIELDS.includes(name))) bad('fields: an unknown name');
    if (new Set(fields).size !== fields.length) bad('fields: a name twice');
    const { cardNumber, name, idNumber, birthDate, sex, issueDate } = this.person;
    const all = {
      card_number: cardNumber, name, id_number: idNumber, birth_date: birthDate, sex, issue_date: issueDate,
      termination: '1',
    };
    return () => ({
      fields: Object.fromEntries(fields.map((field) => [field, all[field]])), nameUncertain: false, warnings: [],
    });
  }

  #signature({ certificate, hash, hashFunction }) {
    if (!Object.hasOwn(HASH_FUNCTIONS, hashFunction)) bad('hashFunction: SHA-256, SHA-384 or SHA-512');
    const octets = octetsOf(hash, 'hash');
    const { octets: wanted } = HASH_FUNCTIONS[hashFunction];
    if (octets.length !== wanted) bad(`hash: ${wanted} octets for ${hashFunction}`);
    return async () => {
      if (certificate !== toBase64(this.identity.certificate)) throw new Failure({ code: 'no_card' });
      return {
        signature: toBase64(await signHash(this.identity, octets, hashFunction)),
        signatureAlgorithm: { cryptoAlgorithm: 'RSA', paddingScheme: 'PKCS1.5', hashFunction },
      };
    };
  }

  #checkNonce(nonce, name) {
    if (typeof nonce !== 'string' || nonce.length < 44 || nonce.length > 128 || octetsOf(nonce, name).length < 32) {
      bad(`${name}: 44 to 128 characters of base64, at least 32 octets`);
    }
  }

  // SHA-256(origin) and SHA-256(nonce), one after the other.
  async #bound(nonce) {
    const message = new Uint8Array(64);
    message.set(await sha256OfText(this.#origin));
    message.set(await sha256OfText(nonce), 32);
    return message;
  }

  // docs/decisions/007-what-the-insurers-site-signs-for-a-page.md
  #nhiProof(challenge) {
    this.#checkNonce(challenge, 'challenge');
    return async () => {
      const digest = toBase64(await sha256(await this.#bound(challenge))).replaceAll('+', '-').replaceAll('/', '_');
      const signed = `0001${digest.slice(0, 16)}`;
      const { cardNumber } = this.person;
      return { cardNumber, signed, signature: await this.insurer.sign(new TextEncoder().encode(cardNumber + signed)) };
    };
  }

  #token(nonce) {
    this.#checkNonce(nonce, 'nonce');
    return async () => {
      const message = await this.#bound(nonce);
      return {
        unverifiedCertificate: toBase64(this.identity.certificate),
        algorithm: 'RS256',
        signature: toBase64(await signHash(this.identity, await sha256(message), 'SHA-256')),
        format: 'web-eid:1.0',
        appVersion: `twcard/${VERSION}`,
      };
    };
  }
}
