// The card service, the browser's permission and a person with cards, for unit tests of pages: the client of twcard.js
// over a simulated WebSocket, so that every state and every error arrives the way it does on a real computer.
import { connectIn, MAIN_ADDRESS } from '../connection.js';
import { TwcardError } from '../error.js';
import { stayConnectedIn } from '../reconnect.js';
import { advice, checkIn } from '../twcard.js';
import { SimulatedService } from './service.js';
import { SimulatedSocket } from './socket.js';
import { makeTestIdentity, makeTestInsurer } from './test_identity.js';

const STATES = ['ready', 'blocked', 'dismissed', 'not_running', 'tls_not_trusted', 'page_policy', 'origin_denied',
  'too_many_connections', 'not_answering'];
const PERSON = {
  name: '王小明', idNumber: 'A123456789', birthDate: '1990-01-02', sex: 'M', cardNumber: '900000000001',
  issueDate: '2020-03-04',
};

class Simulator {
  #service;
  #state = 'ready';
  #permission = Object.assign(new EventTarget(), { state: 'granted' });
  #sockets = new Set();
  #jump = 0;

  TwcardError = TwcardError;
  MAIN_ADDRESS = MAIN_ADDRESS;
  advice = advice;

  constructor(service) {
    this.#service = service;
    const { rootCertificate, revocationList } = service.identity;
    const { publicKey: insurerKey } = service.insurer;
    Object.assign(this, { person: service.person, rootCertificate, revocationList, insurerKey });
    this.connect = (options) => connectIn(this.#environment, options);
    this.stayConnected = (options) => stayConnectedIn(this.#environment, options);
    this.check = (options) => checkIn(this.#environment, options);
    this.watchPermission = async (changed, { signal } = {}) =>
      this.#permission.addEventListener('change', () => changed(this.#permission.state), { signal });
  }

  get state() {
    return this.#state;
  }

  // What the next connection meets; with 'ready', the service and the browser's permission are there.
  set state(state) {
    if (!STATES.includes(state)) throw new RangeError(`state: one of ${STATES.join(', ')}`);
    this.#state = state;
    const permission = { blocked: 'denied', dismissed: 'prompt' }[state] ?? 'granted';
    if (permission === this.#permission.state) return;
    this.#permission.state = permission;
    this.#permission.dispatchEvent(new Event('change'));
  }

  // {method, params} of every request so far.
  get requests() {
    return this.#service.requests;
  }

  // The requests that follow are answered with this error, `times` of them; `method` names those that it concerns.
  fail(code, { times = 1, method, triesLeft, detail, step } = {}) {
    this.#service.fail({ code, times, method, triesLeft, detail, step });
  }

  // `kind`: 'citizen' or 'nhi'.
  insert(kind) {
    this.#service.insert(kind);
  }

  remove(kind) {
    this.#service.remove(kind);
  }

  // The person thinks: requests stay unanswered until the function that this returns is called.
  holdPrompts() {
    return this.#service.holdPrompts();
  }

  // Ends every connection, as a restart of the service does; it is back at once.
  restart() {
    for (const socket of [...this.#sockets]) socket.end(1006);
  }

  get #environment() {
    return {
      openSocket: (url) => this.#openSocket(url),
      permission: async () => this.#permission,
      isSecurePage: () => true,
      frameMayConnect: () => true,
      watchPolicy: () => () => {},
      now: () => performance.now() + this.#jump,
    };
  }

  #openSocket(url) {
    const state = this.#state;
    if (state === 'page_policy') throw new DOMException('simulated policy of the page', 'SecurityError');
    const socket = new SimulatedSocket(url, {
      opened: () => this.#sockets.add(socket),
      received: (text) => (state === 'not_answering' ? undefined : this.#service.received(socket, text)),
      closed: () => {
        this.#sockets.delete(socket);
        this.#service.left(socket);
      },
    });
    switch (state) {
      case 'blocked':
      case 'not_running':
        socket.refuse(1006);
        break;
      case 'dismissed':
        // As if the person had read the browser's question for a minute.
        this.#jump += 60_000;
        socket.refuse(1006);
        break;
      case 'tls_not_trusted':
        socket.refuse(url.startsWith('wss:') ? 1015 : 1006);
        break;
      case 'origin_denied':
        socket.open(4403, 'origin refused');
        break;
      case 'too_many_connections':
        socket.open(4429, 'too many connections');
        break;
      default:
        socket.open();
    }
    return socket;
  }
}

// `origin`: of the page that the tokens are for. `person`: an invented one. `cards`: those that are in readers.
export async function createSimulator({ origin = globalThis.location?.origin, person = {}, cards = ['citizen', 'nhi'] } = {}) {
  if (!origin || origin === 'null') throw new TypeError('origin: the page\'s own, such as https://page.test');
  const whole = { ...PERSON, ...person };
  const [identity, insurer] = await Promise.all([makeTestIdentity(whole), makeTestInsurer()]);
  const service = new SimulatedService({ origin, person: whole, cards, identity, insurer });
  return new Simulator(service);
}
