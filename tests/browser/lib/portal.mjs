// The portal as a program, in front of the simulated cards' authority (environment of scripts/with-stack).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeSiteCertificate } from './tls.mjs';

// `origin`: the site's own; its host name gets the certificate. Further options go to the program as they are.
export async function startPortal({ origin = 'https://page.test:8443', options = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-portal.'));
  const { hostname, port } = new URL(origin);
  const tls = await makeSiteCertificate(join(folder, 'tls'), [...new Set([hostname, 'page.test', 'localhost'])]);
  const journal = join(folder, 'journal');
  const program = spawn('twcard-portal', [
    '--port', port, '--certificate', tls.certificate, '--key', tls.key, '--origin', origin, '--journal', journal,
    '--trust', process.env.TWCARD_TEST_CA, '--issuer', process.env.TWCARD_TEST_ISSUER, '--crl', process.env.TWCARD_TEST_CRL,
    ...options,
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(program, 'exit');

  const lines = createInterface({ input: program.stdout });
  const [first] = await Promise.race([once(lines, 'line'), ended.then(([status]) => [status])]);
  if (typeof first !== 'string') throw new Error(`twcard-portal ended with status ${first}`);

  return {
    origin,
    authority: tls.authority,
    // What the server has verified so far, as it wrote it down.
    async events() {
      return (await readFile(journal, 'utf8')).split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    async stop() {
      program.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
