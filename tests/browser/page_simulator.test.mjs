// The page-side simulator (client/simulator) and the portal's server: a token from a simulated computer is refused by a
// server that trusts cards, and good, and marked as simulated, for one that is set up to trust the simulator's root.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createSimulator } from '../../client/simulator/simulator.js';
import { startPortal } from './lib/portal.mjs';
import { tls } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';

const ORIGIN = `https://page.test:${PORTS.simulator}`;
const ADDRESS = { host: '127.0.0.1', port: PORTS.simulator, servername: 'page.test' };

// What the portal's page would do, over a connection of its own.
async function visitor() {
  const ca = await readFile((await tls()).authority);
  let cookie;
  return async (path, body) => new Promise((resolve, reject) => {
    const headers = {
      Host: new URL(ORIGIN).host, Origin: ORIGIN, 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }),
    };
    const asking = request({ ...ADDRESS, ca, path, headers, method: 'POST' }, async (response) => {
      cookie = response.headers['set-cookie']?.[0].split(';')[0] ?? cookie;
      let text = '';
      for await (const part of response) text += part;
      resolve({ status: response.statusCode, ...JSON.parse(text) });
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

describe('the page-side simulator and the portal\'s server', () => {
  let simulator;
  let folder;
  before(async () => {
    simulator = await createSimulator({ origin: ORIGIN });
    folder = await mkdtemp(join(tmpdir(), 'twcard-simulator.'));
    await writeFile(join(folder, 'root.pem'), simulator.rootCertificate);
    await writeFile(join(folder, 'root.crl'), simulator.revocationList);
  });
  after(() => rm(folder, { recursive: true }));

  async function signIn(trusting = {}) {
    const portal = await startPortal({ origin: ORIGIN, tls: await tls(), ...trusting });
    try {
      const post = await visitor();
      const { nonce } = await post('/api/challenge', {});
      const card = await simulator.connect({ language: 'en' });
      const token = await card.authenticate(nonce);
      card.close();
      const answer = await post('/api/login', { idNumber: simulator.person.idNumber, token });
      return { answer, events: await portal.events() };
    } finally {
      await portal.stop();
    }
  }

  test('a portal that trusts the issuers of cards refuses its token', async () => {
    const { answer, events } = await signIn();
    assert.deepEqual([answer.status, answer.error?.code, events], [403, 'certificate_untrusted', []]);
  });

  test('a portal that trusts its root signs the invented person in, as simulated', async () => {
    const { answer, events } = await signIn({
      trust: join(folder, 'root.pem'), issuers: [], revocations: join(folder, 'root.crl'),
    });
    assert.equal(answer.status, 200, JSON.stringify(answer));
    assert.deepEqual(events.map(({ event, simulated }) => [event, simulated]), [['login_verified', true]]);
  });
});
