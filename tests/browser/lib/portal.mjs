// The portal as a program, in front of the simulated cards' authority, and with the simulated insurer where there is one
// (environment of scripts/with-stack).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// `origin`: the site's own. `tls`: of makeSiteCertificate(). `trust`, `issuers`, `revocations`: PEM files of whoever
// issued the cards, those of the simulated ones unless given. `options` go to the program as they are.
const { TWCARD_TEST_SITE_KEY: siteKey, TWCARD_TEST_SITE_PROFILE: profile } = process.env;
const insurer = siteKey ? ['--insurer-key', siteKey, '--nhi-profile', profile] : [];

export async function startPortal({
  origin, tls, options = [],
  trust = process.env.TWCARD_TEST_CA, issuers = [process.env.TWCARD_TEST_ISSUER], revocations = process.env.TWCARD_TEST_CRL,
}) {
  const folder = await mkdtemp(join(tmpdir(), 'twcard-portal.'));
  const journal = join(folder, 'journal');
  const program = spawn('twcard-portal', [
    '--port', new URL(origin).port, '--certificate', tls.certificate, '--key', tls.key, '--origin', origin,
    '--journal', journal, ...insurer, '--trust', trust, ...issuers.flatMap((file) => ['--issuer', file]), '--crl', revocations,
    ...options,
  ], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(program, 'exit');

  const lines = createInterface({ input: program.stdout });
  const [first] = await Promise.race([once(lines, 'line'), ended.then(([status]) => [status])]);
  if (typeof first !== 'string') throw new Error(`twcard-portal ended with status ${first}`);

  return {
    origin,
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
