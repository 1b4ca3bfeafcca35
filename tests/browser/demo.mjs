// The demo's browser part, inside scripts/with-stack: a person signs in to the portal with the citizen card, inserts an
// NHI card, reads it into the form and submits. What passed is what the portal's server verified.
//
//   node demo.mjs           headless Chromium and the simulated person do it; a line a step
//   node demo.mjs --serve   keeps the portal running for a browser of one's own, until Ctrl-C
import { once } from 'node:events';
import { launchChromium } from './lib/chromium.mjs';
import { startPortal } from './lib/portal.mjs';
import { PortalPage } from './lib/portal_page.mjs';
import { shoot } from './lib/screenshots.mjs';
import { cards, person } from './lib/stack.mjs';

const GOALS = ['login_verified', 'nhi_form_accepted'];

async function serve() {
  const portal = await startPortal({ origin: 'https://localhost:8443' });
  console.log(`demo: open ${portal.origin}/ (its certificate was made for this run: let the browser go on)`);
  console.log(`demo: ID number to type: ${person.idNumber}; PIN of the card: ${person.pin}`);
  console.log('demo: Ctrl-C ends it');
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await portal.stop();
  return true;
}

async function step(what, action) {
  await cards.apdus();
  const started = performance.now();
  await action();
  const elapsed = Math.round(performance.now() - started);
  const apdus = await cards.apdus();
  console.log(`demo: ${what.padEnd(48)} ${String(elapsed).padStart(6)} ms ${String(apdus).padStart(5)} APDUs`);
}

async function visit(portal, chromium) {
  const page = await chromium.newPage({ origin: portal.origin });
  const visitor = new PortalPage(page, portal.origin);
  await step('opens the login page', () => visitor.open());
  await shoot(page, '1-login');
  await step('signs in with the citizen card', () => visitor.login());
  await shoot(page, '2-signed-in');
  await step('inserts the NHI card; the service reads it', async () => {
    await cards.insert(1, 'nhi');
    await cards.ready('nhi');
  });
  await step('agrees, and the card fills the form', async () => {
    await page.click('#nhi-read');
    await page.locator('#nhi-submit:focus').waitFor();
  });
  await shoot(page, '3-nhi-form');
  await step('submits the form', async () => {
    await page.click('#nhi-submit');
    await visitor.accepted.waitFor();
  });
  await shoot(page, '4-accepted');
}

async function demo() {
  const portal = await startPortal();
  const chromium = await launchChromium({ authority: portal.authority });
  try {
    await visit(portal, chromium);
  } catch (error) {
    console.error(`demo: ${error.message}`);
  } finally {
    await chromium.close();
  }
  const verified = new Set((await portal.events()).map(({ event }) => event));
  const passed = GOALS.filter((goal) => verified.has(goal)).length;
  await portal.stop();
  console.log(`demo: ${passed} of ${GOALS.length} passed`);
  return passed === GOALS.length;
}

process.exitCode = (await (process.argv.includes('--serve') ? serve() : demo())) ? 0 : 1;
