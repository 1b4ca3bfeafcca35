// One open WebSocket to twcard-web: hello, requests and answers, events (docs/protocol.md).
import { languageOf } from './advice.js';
import { errorOfAnswer, localError } from './error.js';
import { openSocket } from './opening.js';

export const MAIN_ADDRESS = 'ws://127.0.0.1:25120/';
const CLIENT_VERSION = '0.1.0';
const HELLO_WITHIN_MS = 10_000;
const CARD_EVENTS = new Set(['card_inserted', 'card_ready', 'card_removed']);

function errorOfClose({ code, reason }, language) {
  const byCode = { 4403: 'origin_denied', 4429: 'too_many_connections' };
  return localError(byCode[code] ?? 'connection_closed', language, `${code} ${reason ?? ''}`.trim());
}

const toBase64 = (octets) => {
  if (typeof octets === 'string') return octets;
  const bytes = ArrayBuffer.isView(octets)
    ? new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength)
    : new Uint8Array(octets);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
};

class Connection {
  #socket;
  #language;
  #pending = new Map();
  #lastId = 0;
  #ended = null;
  #releaseSignal = () => {};

  service = null;
  events = new EventTarget();

  constructor(socket, language, signal) {
    this.#socket = socket;
    this.#language = language;
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = (event) => this.#end(errorOfClose(event, language));
    if (signal) {
      const onAbort = () => this.#end(localError('aborted', language));
      signal.addEventListener('abort', onAbort);
      this.#releaseSignal = () => signal.removeEventListener('abort', onAbort);
    }
  }

  async greet() {
    const late = setTimeout(() => this.#end(localError('not_answering', this.#language)), HELLO_WITHIN_MS);
    try {
      const params = { client: 'twcard.js', version: CLIENT_VERSION, language: this.#language };
      this.service = await this.#call('hello', params);
      if (this.service?.service !== 'twcard' || this.service.protocol !== 1) {
        throw localError('protocol_error', this.#language, 'hello');
      }
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  authenticate(nonce, options) {
    return this.#call('authenticate', { nonce }, options);
  }

  readNhiCard(fields, options) {
    return this.#call('nhi.read', { fields }, options);
  }

  authenticateWithNhiCard(challenge, options) {
    return this.#call('nhi.authenticate', { challenge }, options);
  }

  async certificates(options) {
    return (await this.#call('certificates', undefined, options)).certificates;
  }

  sign({ certificate, hash, hashFunction }, options) {
    const params = { certificate: toBase64(certificate), hash: toBase64(hash), hashFunction };
    return this.#call('sign', params, options);
  }

  async subscribe(options) {
    await this.#call('events', undefined, options);
  }

  close() {
    this.#end(localError('connection_closed', this.#language, 'closed by the page'));
  }

  #call(method, params, { signal } = {}) {
    if (signal?.aborted) return Promise.reject(localError('aborted', this.#language));
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // Only the end of the connection makes the service close a prompt that is open for this call.
      const onAbort = () => {
        call.reject(localError('aborted', this.#language));
        this.#pending.delete(id);
        this.#end(localError('connection_closed', this.#language, 'a call was aborted'));
      };
      const settled = (settle) => (value) => {
        signal?.removeEventListener('abort', onAbort);
        settle(value);
      };
      const call = { resolve: settled(resolve), reject: settled(reject) };
      this.#pending.set(id, call);
      signal?.addEventListener('abort', onAbort);
      this.#socket.send(JSON.stringify(params === undefined ? { id, method } : { id, method, params }));
    });
  }

  #receive(data) {
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      message = null;
    }
    if (CARD_EVENTS.has(message?.event)) {
      this.events.dispatchEvent(new CustomEvent(message.event, { detail: { card: message.card } }));
      return;
    }
    // An event of a later version is no fault; anything else that answers none of our requests is.
    if (typeof message?.event === 'string') return;
    const call = this.#pending.get(message?.id);
    if (!call || (message.result === undefined && message.error === undefined)) {
      this.#end(localError('protocol_error', this.#language, 'unexpected message'));
      return;
    }
    this.#pending.delete(message.id);
    if (message.error !== undefined) call.reject(errorOfAnswer(message.error ?? undefined, this.#language));
    else call.resolve(message.result);
  }

  #end(error) {
    if (this.#ended) return;
    this.#ended = error;
    this.#releaseSignal();
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.events.dispatchEvent(new CustomEvent('close', { detail: { error } }));
  }
}

// The language that errors and prompts get: the page's own unless one is named.
export const chosenLanguage = (language) => languageOf(language ?? globalThis.document?.documentElement?.lang);

// Resolves once hello has been answered.
export async function connectIn(environment, { url = MAIN_ADDRESS, language, onHint, signal } = {}) {
  const chosen = chosenLanguage(language);
  const accept = (socket) => new Connection(socket, chosen, signal);
  const connection = await openSocket(environment, { url, language: chosen, onHint, signal }, accept);
  await connection.greet();
  return connection;
}
