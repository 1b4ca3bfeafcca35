// A WebSocket whose other end is the test. Every instance is kept in FakeSocket.all, newest last.
export class FakeSocket {
  static all = [];

  static get last() {
    return FakeSocket.all.at(-1);
  }

  sent = [];
  closed = false;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #waiting = [];

  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
    FakeSocket.all.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
    this.#waiting.shift()?.();
  }

  close() {
    this.closed = true;
  }

  // The request that the client sent last, once it has sent `count` of them.
  async request(count) {
    while (this.sent.length < count) await new Promise((resolve) => this.#waiting.push(resolve));
    return this.sent[count - 1];
  }

  answer(message) {
    this.onmessage?.({ data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  fail() {
    this.onerror?.({});
    this.onclose?.({ code: 1006, reason: '' });
  }

  end(code, reason) {
    this.onclose?.({ code, reason });
  }
}
