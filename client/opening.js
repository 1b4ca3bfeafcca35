// Opening a WebSocket to twcard-web, and an error that tells why where it does not open.
import { diagnose, HINT_AFTER_MS } from './diagnosis.js';
import { localError } from './error.js';

const SUBPROTOCOL = 'twcard.v1';
// A browser whose policy stops a connection gives an error event and no close event.
const CLOSE_WITHIN_MS = 250;

// Resolves with what `accept(socket)` makes of the open socket, in the very task in which it opens: what comes next
// may be its end. The only wait here without a deadline: the person may be reading the browser's question, during
// which nothing at all is reported to the page.
export function openSocket(environment, { url, language, onHint, signal }, accept) {
  return new Promise((resolve, reject) => {
    const started = environment.now();
    let socket = null;
    let closing;

    const settle = (action) => {
      clearTimeout(hint);
      clearTimeout(closing);
      stopWatching();
      signal?.removeEventListener('abort', onAbort);
      if (socket) socket.onopen = socket.onerror = socket.onclose = null;
      action();
    };
    const fail = (seen) => settle(async () => {
      const waited = Math.round(environment.now() - started);
      const { code, detail } = await diagnose(environment, url, { waited, ...seen });
      reject(localError(signal?.aborted ? 'aborted' : code, language, detail));
    });
    const onAbort = () => settle(() => {
      socket?.close();
      reject(localError('aborted', language));
    });

    const hint = setTimeout(() => onHint?.('permission'), HINT_AFTER_MS);
    const stopWatching = environment.watchPolicy(url, (directive) => fail({ refused: directive }));
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) {
      onAbort();
      return;
    }
    try {
      socket = environment.openSocket(url, SUBPROTOCOL);
    } catch (error) {
      fail({ refused: `${error?.name}: ${error?.message}` });
      return;
    }
    socket.onopen = () => settle(() => resolve(accept(socket)));
    socket.onclose = ({ code }) => fail({ closeCode: code });
    socket.onerror = () => {
      closing ??= setTimeout(() => fail({ refused: 'connect-src' }), CLOSE_WITHIN_MS);
    };
  });
}
