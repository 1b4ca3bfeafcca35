// The demo's browser part, inside scripts/with-stack: in each browser a person signs in to the portal with a citizen card
// of generation 1, then with one of generation 2, inserts an NHI card, reads it into the form and submits. What passed is
// what the portal's server verified.
//
//   node demo.mjs           headless browsers and the simulated person do it; a line a step
//   node demo.mjs --serve   keeps the portal running for a browser of one's own, until Ctrl-C
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { startPortal } from './lib/portal.mjs';
import { PortalPage } from './lib/portal_page.mjs';
import { shoot } from './lib/screenshots.mjs';
import { cards, person } from './lib/stack.mjs';
import { makeSiteCertificate } from './lib/tls.mjs';

const BROWSERS = { Chromium: launchChromium, Firefox: launchFirefox };
const CITIZEN_READER = 0;
const NHI_READER = 1;

async function serve(portal) {
  console.log(`demo: open ${portal.origin}/ (its certificate was made for this run: let the browser go on)`);
  console.log(`demo: ID number to type: ${person.idNumber}; PIN of the card: ${person.pin}`);
  console.log('demo: Ctrl-C ends it');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  return true;
}

// The jobs of the demo. Each leaves `event` in the portal's journal when the server has verified what it is about.
const JOBS = [
  {
    name: 'login, generation 1',
    event: 'login_verified',
    async run(visitor, { step, picture }) {
      await step('opens the login page', () => visitor.open());
      await picture('1-login');
      await step('signs in with the citizen card', () => visitor.login());
      await picture('2-signed-in');
    },
  },
  {
    name: 'login, generation 2',
    event: 'login_verified',
    async run(visitor, { step, picture }) {
      await step('signs out; takes the generation 2 card', async () => {
        await visitor.logout();
        await cards.swap(CITIZEN_READER, 'gpki');
      });
      await step('signs in with the generation 2 card', () => visitor.login());
      await picture('3-signed-in-generation-2');
    },
    after: () => cards.swap(CITIZEN_READER, 'hicos'),
  },
  {
    name: 'NHI card',
    event: 'nhi_form_accepted',
    async run(visitor, { step, picture }) {
      await step('inserts the NHI card; the service reads it', async () => {
        await cards.insert(NHI_READER, 'nhi');
        await cards.ready('nhi');
      });
      await step('agrees, and the card fills the form', () => visitor.readNhiCard());
      await picture('4-nhi-form');
      await step('submits the form', () => visitor.submit());
      await picture('5-accepted');
    },
    after: () => cards.remove(NHI_READER),
  },
];

function telling(browser, page) {
  return {
    async step(what, action) {
      await cards.apdus();
      const started = performance.now();
      await action();
      const elapsed = Math.round(performance.now() - started);
      const apdus = await cards.apdus();
      const line = `${browser.padEnd(8)} ${what.padEnd(44)}`;
      console.log(`demo: ${line} ${String(elapsed).padStart(6)} ms ${String(apdus).padStart(5)} APDUs`);
    },
    picture: (name) => shoot(page, `${browser.toLowerCase()}-${name}`),
  };
}

// Whether the portal's server verified it.
async function passes(job, portal, visitor, tell) {
  const count = async () => (await portal.events()).filter(({ event }) => event === job.event).length;
  const before = await count();
  try {
    await job.run(visitor, tell);
  } catch (error) {
    console.error(`demo: ${job.name}: ${error.message}`);
  }
  await job.after?.();
  return (await count()) === before + 1;
}

async function demo(portal, { authority }) {
  let passed = 0;
  for (const [name, launch] of Object.entries(BROWSERS)) {
    const browser = await launch({ authority });
    try {
      const page = await browser.newPage({ origin: portal.origin });
      const visitor = new PortalPage(page, portal.origin);
      for (const job of JOBS) passed += Number(await passes(job, portal, visitor, telling(name, page)));
    } finally {
      await browser.close();
    }
  }
  const all = JOBS.length * Object.keys(BROWSERS).length;
  console.log(`demo: ${passed} of ${all} passed`);
  return passed === all;
}

const serving = process.argv.includes('--serve');
const origin = serving ? 'https://localhost:8443' : 'https://page.test:8443';
const folder = await mkdtemp(join(tmpdir(), 'twcard-demo.'));
const tls = await makeSiteCertificate(folder, ['page.test', 'localhost']);
const portal = await startPortal({ origin, tls });
try {
  process.exitCode = (await (serving ? serve(portal) : demo(portal, tls))) ? 0 : 1;
} finally {
  await portal.stop();
  await rm(folder, { recursive: true });
}
