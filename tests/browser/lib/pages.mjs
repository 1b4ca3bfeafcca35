// A web site whose pages are what a test wants them to be: headers and content. It also serves the client.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { basename } from 'node:path';

const CLIENT = new URL('../../../client/', import.meta.url);

async function listen(server, port) {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

// `insecurePort`: where the same pages are without TLS.
export async function startPages({ port, insecurePort, tls }) {
  const pages = new Map();
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url, 'https://page.test');
    const page = pages.get(pathname);
    if (page) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers }).end(page.body);
      return;
    }
    const script = await readFile(new URL(basename(pathname), CLIENT)).catch(() => null);
    if (script && pathname.endsWith('.js')) response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script);
    else response.writeHead(404).end();
  };
  const files = { cert: await readFile(tls.certificate), key: await readFile(tls.key) };
  const servers = [await listen(createServer(files, answer), port)];
  if (insecurePort) servers.push(await listen(createPlainServer(answer), insecurePort));
  return {
    // The path of a new page, which may also be a script; its scripts find the client at /twcard.js.
    add({
      path = `/page-${pages.size}`, headers = {}, body = '<!doctype html><title>page</title><button>check</button>',
    } = {}) {
      pages.set(path, { headers, body });
      return path;
    },
    async stop() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
        await once(server, 'close');
      }
    },
  };
}
