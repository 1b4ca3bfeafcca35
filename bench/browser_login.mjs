// A login in a real browser on a running stack whose cards take a real card's time (scripts/with-stack --cards hicos
// --timing real); prints rows of the table of docs/performance.md.
//
// Measured from the click to the portal's page that greets the person: the portal has verified the token then. The
// simulated person answers at once. The card's own time follows from the octets and RSA operations that it counts.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchChromium } from '../tests/browser/lib/chromium.mjs';
import { startPortal } from '../tests/browser/lib/portal.mjs';
import { PortalPage } from '../tests/browser/lib/portal_page.mjs';
import { HOSTS, PORTS } from '../tests/browser/lib/sites.mjs';
import { makeSiteCertificate } from '../tests/browser/lib/tls.mjs';

const run = promisify(execFile);
const LOGINS = 11;
// `--timing real` (docs/simulator.md): 9600 bit/s; T=1 (ISO/IEC 7816-3:2006, 11.2 and 11.3) with 11 bit times a character and 4 octets around
// the block of each command and each answer; an RSA operation of 2048 bits, which takes two EA commands, in 300 ms.
const LINE = 9600;
const CHARACTER_BITS = 11;
const BLOCK_FRAME = 4;
const RSA_MS = 300;

async function cardWork() {
  const { stdout } = await run('twcard-sim', ['counters', '0', '--json', '--reset']);
  const { apdus, octets_in: sent, octets_out: answered, by_instruction: { EA: blocks = 0 } } = JSON.parse(stdout);
  const characters = sent + answered + apdus * 2 * BLOCK_FRAME;
  return { apdus, ms: (blocks / 2) * RSA_MS + (characters * CHARACTER_BITS * 1000) / LINE };
}

async function login(portal, browser) {
  const page = await browser.newPage({ origin: portal.origin });
  const visitor = new PortalPage(page, portal.origin);
  await visitor.open();
  await cardWork();
  const started = performance.now();
  await visitor.login();
  const total = performance.now() - started;
  const card = await cardWork();
  await page.context().close();
  return { total, card: card.ms, apdus: card.apdus };
}

const medianOf = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const folder = await mkdtemp(join(tmpdir(), 'twcard-bench.'));
const tls = await makeSiteCertificate(folder, HOSTS);
const portal = await startPortal({ origin: `https://page.test:${PORTS.main}`, tls });
const browser = await launchChromium({ authority: tls.authority });
try {
  await login(portal, browser); // the browser's first page is its own affair
  const logins = [];
  for (let i = 0; i < LOGINS; ++i) logins.push(await login(portal, browser));
  const median = (name) => medianOf(logins.map((each) => each[name]));
  const rest = medianOf(logins.map(({ total, card }) => total - card));
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  console.log(`| \`--timing real\`: browser login, click to verified | ${seconds(median('total'))} |  |  |`);
  console.log(`| of it the card's own time | ${seconds(median('card'))}, ${median('apdus')} APDUs |  |  |`);
  console.log(`| of it everything else: browser, prompts, services, site | ${rest.toFixed(0)} ms |  |  |`);
} finally {
  await browser.close();
  await portal.stop();
  await rm(folder, { recursive: true });
}
