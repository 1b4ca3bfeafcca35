// A connection that outlives its WebSocket: it comes back after a restart of the service, for pages that stay open.
import { chosenLanguage, connectIn } from './connection.js';
import { localError } from './error.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 15_000;
// How long a call waits for a connection that is being made again.
const CALL_WAITS_MS = 10_000;
// Trying again by itself can only help with these; everything else needs a person.
const PASSING = new Set([
  'connection_closed', 'not_running', 'not_answering', 'service_unavailable', 'too_many_connections',
]);
const FORWARDED = ['card_inserted', 'card_ready', 'card_removed'];

class LastingConnection {
  #environment;
  #options;
  #language;
  #connection = null;
  #ended = null;
  #subscribed = false;
  #pause = FIRST_PAUSE_MS;
  #timer;
  #stop = new AbortController();
  #changes = new EventTarget();

  state = 'connecting';
  events = new EventTarget();

  constructor(environment, { signal, ...options }) {
    this.#environment = environment;
    this.#language = chosenLanguage(options.language);
    this.#options = { ...options, language: this.#language, signal: this.#stop.signal };
    if (signal?.aborted) this.#end(localError('aborted', this.#language));
    const onAbort = () => this.#end(localError('aborted', this.#language));
    signal?.addEventListener('abort', onAbort, { once: true, signal: this.#stop.signal });
    // A computer that wakes up, and a person who comes back to the page, need not wait for the pause to end.
    for (const type of ['online', 'pageshow', 'focus']) {
      globalThis.addEventListener?.(type, () => this.#hurry(), { signal: this.#stop.signal });
    }
  }

  get service() {
    return this.#connection?.service ?? null;
  }

  // The first connection; its failure is the caller's, not a reason to go on trying.
  async start() {
    if (this.#ended) throw this.#ended;
    try {
      await this.#connect();
    } catch (error) {
      this.#end(error);
      throw error;
    }
  }

  authenticate(nonce, options) {
    return this.#call('authenticate', nonce, options);
  }

  readNhiCard(fields, options) {
    return this.#call('readNhiCard', fields, options);
  }

  authenticateWithNhiCard(challenge, options) {
    return this.#call('authenticateWithNhiCard', challenge, options);
  }

  certificates(options) {
    return this.#run((connection) => connection.certificates(options), options);
  }

  sign(request, options) {
    return this.#call('sign', request, options);
  }

  async subscribe(options) {
    await this.#run((connection) => connection.subscribe(options), options);
    this.#subscribed = true;
  }

  close() {
    this.#end(localError('connection_closed', this.#language, 'closed by the page'));
  }

  #call(method, request, options) {
    return this.#run((connection) => connection[method](request, options), options);
  }

  // What was under way when a connection ended is rejected and not repeated: the person would be asked twice.
  async #run(job, { signal } = {}) {
    return job(await this.#connected(signal));
  }

  async #connected(signal) {
    if (signal?.aborted) throw localError('aborted', this.#language);
    if (this.#ended) throw this.#ended;
    if (this.#connection) return this.#connection;
    this.#hurry();
    await new Promise((resolve, reject) => {
      const settled = new AbortController();
      const settle = (action) => () => {
        clearTimeout(late);
        settled.abort();
        action();
      };
      const late = setTimeout(settle(() => reject(localError('not_running', this.#language))), CALL_WAITS_MS);
      const { signal: once } = settled;
      this.#changes.addEventListener('ready', settle(resolve), { signal: once });
      this.#changes.addEventListener('ended', settle(() => reject(this.#ended)), { signal: once });
      const onAbort = settle(() => reject(localError('aborted', this.#language)));
      signal?.addEventListener('abort', onAbort, { signal: once });
    });
    return this.#connected(signal);
  }

  async #connect() {
    const connection = await connectIn(this.#environment, this.#options);
    for (const type of FORWARDED) {
      connection.events.addEventListener(type, ({ detail }) => this.#tell(type, detail));
    }
    connection.events.addEventListener('close', ({ detail }) => {
      if (this.#connection === connection) this.#lost(detail.error);
    });
    try {
      if (this.#subscribed) await connection.subscribe();
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#pause = FIRST_PAUSE_MS;
    this.#enter('ready');
  }

  #lost(error) {
    this.#connection = null;
    this.#tryLater(error);
  }

  #tryLater(error) {
    if (this.#ended) return;
    if (!PASSING.has(error.code)) {
      this.#end(error);
      return;
    }
    this.#enter('connecting', error);
    // Spread out: all the open pages have lost the same service at the same moment.
    this.#timer = setTimeout(() => this.#tryNow(), this.#pause * (0.5 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  async #tryNow() {
    this.#timer = undefined;
    try {
      await this.#connect();
    } catch (error) {
      this.#tryLater(error);
    }
  }

  #hurry() {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#tryNow();
  }

  #end(error) {
    if (this.#ended) return;
    this.#ended = error;
    clearTimeout(this.#timer);
    const connection = this.#connection;
    this.#connection = null;
    this.#stop.abort();
    connection?.close();
    this.#enter('ended', error);
    this.#tell('close', { error });
  }

  #enter(state, error) {
    this.state = state;
    this.#changes.dispatchEvent(new Event(state));
    this.#tell('state', { state, error });
  }

  #tell(type, detail) {
    this.events.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

export async function stayConnectedIn(environment, options = {}) {
  const lasting = new LastingConnection(environment, options);
  await lasting.start();
  return lasting;
}
