// The page's side of the native protocol (docs/protocol.md): one WebSocket to twcard-web on this computer.
// No dependency and no build step; twcard.d.ts has the types.

export const MAIN_ADDRESS = 'ws://127.0.0.1:25120/';
const SUBPROTOCOL = 'twcard.v1';
const CLIENT_VERSION = '0.1.0';
// A service that is there opens the connection in a few milliseconds. Past this the browser is asking the person.
const HINT_AFTER_MS = 700;
const HELLO_WITHIN_MS = 10_000;
const CARD_EVENTS = new Set(['card_inserted', 'card_ready', 'card_removed']);

// What the client itself can say; errors of the service bring texts of their own.
const TEXTS = {
  service_unreachable: {
    en: 'The card service on this computer cannot be reached. Check that twcard is installed and running, and that '
      + 'the browser may connect this site to it.',
    'zh-TW': '無法連線到這部電腦的讀卡服務。請確認已安裝並啟動 twcard，且瀏覽器允許本網站連線到這部電腦。',
  },
  origin_denied: {
    en: 'The card service on this computer refuses this site.',
    'zh-TW': '這部電腦的讀卡服務拒絕本網站使用。',
  },
  too_many_connections: {
    en: 'This site already has too many connections to the card service. Close its other tabs and try again.',
    'zh-TW': '本網站與讀卡服務的連線過多。請關閉本網站的其他分頁後再試一次。',
  },
  connection_closed: {
    en: 'The connection to the card service ended. Please try again.',
    'zh-TW': '與讀卡服務的連線已中斷，請再試一次。',
  },
  aborted: {
    en: 'The operation was cancelled on this page.',
    'zh-TW': '已在本頁取消操作。',
  },
  timeout: {
    en: 'The program at the card service\'s address does not answer. Please start twcard again.',
    'zh-TW': '讀卡服務的位址沒有回應，請重新啟動 twcard。',
  },
  protocol_error: {
    en: 'The card service gave an answer that this page does not understand.',
    'zh-TW': '讀卡服務的回應無法辨識。',
  },
};

export class TwcardError extends Error {
  constructor(code, message, { detail, triesLeft } = {}) {
    super(message);
    this.name = 'TwcardError';
    this.code = code;
    this.detail = detail;
    this.triesLeft = triesLeft;
  }
}

const languageOf = (tag) => (/^zh\b/i.test(tag ?? '') ? 'zh-TW' : 'en');

const localError = (code, language, detail) => new TwcardError(code, TEXTS[code][language], { detail });

function errorOfAnswer({ code, message, detail, tries_left: triesLeft } = {}, language) {
  if (typeof code !== 'string') return localError('protocol_error', language, 'error without a code');
  return new TwcardError(code, message?.[language] ?? message?.en ?? code, { detail, triesLeft });
}

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

// Opens the WebSocket; resolves with a Connection once it is open. The only wait here that has no deadline: the person
// may be reading the browser's permission prompt, during which nothing at all is reported to the page.
function open({ url, language, onHint, signal }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(localError('aborted', language));
      return;
    }
    const started = performance.now();
    let socket;
    try {
      socket = new WebSocket(url, SUBPROTOCOL);
    } catch (error) {
      // The page's own policy (Content-Security-Policy, mixed content) or a malformed address.
      reject(localError('service_unreachable', language, String(error?.message ?? error)));
      return;
    }
    const hint = setTimeout(() => onHint?.('permission'), HINT_AFTER_MS);
    const settle = (action) => {
      clearTimeout(hint);
      signal?.removeEventListener('abort', onAbort);
      socket.onopen = socket.onerror = socket.onclose = null;
      action();
    };
    const onAbort = () => settle(() => {
      socket.close();
      reject(localError('aborted', language));
    });
    signal?.addEventListener('abort', onAbort);
    socket.onopen = () => settle(() => resolve(new Connection(socket, language, signal)));
    socket.onerror = socket.onclose = () => settle(() => {
      const waited = Math.round(performance.now() - started);
      reject(localError('service_unreachable', language, `no connection to ${url} after ${waited} ms`));
    });
  });
}

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
    const late = setTimeout(() => this.#end(localError('timeout', this.#language)), HELLO_WITHIN_MS);
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

  authenticate(nonce) {
    return this.#call('authenticate', { nonce });
  }

  readNhiCard(fields) {
    return this.#call('nhi.read', { fields });
  }

  async certificates() {
    return (await this.#call('certificates')).certificates;
  }

  sign({ certificate, hash, hashFunction }) {
    return this.#call('sign', { certificate: toBase64(certificate), hash: toBase64(hash), hashFunction });
  }

  async subscribe() {
    await this.#call('events');
  }

  close() {
    this.#end(localError('connection_closed', this.#language, 'closed by the page'));
  }

  #call(method, params) {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
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

export async function connect({ url = MAIN_ADDRESS, language, onHint, signal } = {}) {
  const chosen = languageOf(language ?? globalThis.document?.documentElement?.lang);
  const connection = await open({ url, language: chosen, onHint, signal });
  await connection.greet();
  return connection;
}
