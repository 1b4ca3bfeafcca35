// A page that stays connected, while services restart and cards come and go.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { browser, pages } from './lib/shared.mjs';
import { PORTS } from './lib/sites.mjs';
import { cards, personWill, person, secondCardService, startCardService, startService } from './lib/stack.mjs';

const ORIGIN = `https://page.test:${PORTS.pages}`;
const PORT = 25122;

describe('a page that stays connected', () => {
  let cardService;
  let service;
  let page;
  const startWeb = () => startService({ port: PORT, socket: secondCardService() });

  before(async () => {
    await personWill('approve');
    cardService = await startCardService();
    service = await startWeb();
    const site = await pages();
    page = await (await browser()).newPage({ origin: ORIGIN });
    await page.goto(ORIGIN + site.add());
    await page.evaluate(async (port) => {
      const { stayConnected } = await import('/twcard.js');
      globalThis.seen = [];
      globalThis.card = await stayConnected({ url: `ws://127.0.0.1:${port}/`, language: 'en' });
      for (const type of ['state', 'card_inserted', 'card_ready', 'card_removed']) {
        card.events.addEventListener(type, ({ detail }) => seen.push(detail.state ?? `${type} ${detail.card.kind}`));
      }
      await card.subscribe();
    }, PORT);
  });

  beforeEach(() => page.evaluate(() => seen.splice(0)));

  after(async () => {
    await page?.context().close();
    await service?.stop();
    await cardService?.stop();
  });

  const readName = () => page.evaluate(() => card.readNhiCard(['name']).then(({ fields }) => fields.name, ({ code }) => code));
  const seen = (what) => page.waitForFunction((wanted) => seen.includes(wanted), what);

  test('reads a card', async () => {
    assert.equal(await readName(), person.name);
  });

  test('is notified when the card is swapped, and reads the next one', async () => {
    await cards.remove(1);
    await seen('card_removed nhi');
    assert.equal(await readName(), 'no_card');
    await cards.insert(1, 'nhi');
    await seen('card_inserted nhi');
    await seen('card_ready nhi');
    assert.equal(await readName(), person.name);
  });

  test('comes back when twcard-web was stopped and started', async () => {
    await service.stop();
    await seen('connecting');
    service = await startWeb();
    assert.equal(await readName(), person.name, 'a call waits for the connection');
    await seen('ready');
    await cards.remove(1);
    await seen('card_removed nhi');
    await cards.insert(1, 'nhi');
    await seen('card_ready nhi');
  });

  test('goes on when twcardd was stopped and started', async () => {
    await cardService.stop();
    assert.equal(await readName(), 'service_unavailable');
    cardService = await startCardService();
    assert.equal(await readName(), person.name);
    await cards.remove(1);
    await seen('card_removed nhi');
    await cards.insert(1, 'nhi');
    await seen('card_ready nhi');
  });

  test('a prompt closes when the call is aborted, and the connection is there for the next one', async () => {
    await personWill('slow', { delayMs: 60_000 });
    const code = await page.evaluate(async () => {
      const controller = new AbortController();
      const reading = card.readNhiCard(['name'], { signal: controller.signal }).catch((error) => error.code);
      setTimeout(() => controller.abort(), 300);
      return reading;
    });
    assert.equal(code, 'aborted');
    await personWill('approve');
    assert.equal(await readName(), person.name);
  });
});
