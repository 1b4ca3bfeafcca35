// What connection.js uses of a WebSocket; the other end is the simulator. Everything arrives in a task of its own, as
// it does from a browser.
export class SimulatedSocket {
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #over = false;
  #otherEnd;

  // `otherEnd`: functions opened(), received(text) and closed().
  constructor(url, otherEnd) {
    this.url = url;
    this.#otherEnd = otherEnd;
  }

  // Opens, and where a close code is given ends at once.
  open(code, reason) {
    setTimeout(() => {
      if (this.#over) return;
      this.#otherEnd.opened();
      this.onopen?.({});
      if (code !== undefined) setTimeout(() => this.end(code, reason), 0);
    }, 0);
  }

  refuse(code) {
    setTimeout(() => {
      if (this.#over) return;
      this.#over = true;
      this.onerror?.({});
      this.onclose?.({ code, reason: '' });
    }, 0);
  }

  // To the page.
  tell(message) {
    setTimeout(() => {
      if (!this.#over) this.onmessage?.({ data: JSON.stringify(message) });
    }, 0);
  }

  // From the service's side.
  end(code, reason = '') {
    if (this.#over) return;
    this.#over = true;
    this.#otherEnd.closed();
    this.onclose?.({ code, reason });
  }

  send(text) {
    if (!this.#over) this.#otherEnd.received(text);
  }

  close() {
    if (this.#over) return;
    this.#over = true;
    this.#otherEnd.closed();
  }
}
