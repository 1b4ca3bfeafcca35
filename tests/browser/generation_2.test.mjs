import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { useSite } from './lib/site.mjs';
import { cards, person } from './lib/stack.mjs';

describe('signing in with other cards', () => {
  const site = useSite();
  afterEach(() => cards.swap(0, 'hicos'));

  test('generation 2, under a CA with a key of 4096 bits, is the same holder', async () => {
    const visitor = await site.visit();
    await visitor.login();
    const serial = await visitor.page.locator('#holder-serial').textContent();

    await cards.swap(0, 'gpki');
    const again = await site.visit();
    await again.login();
    assert.equal(await again.holder.textContent(), person.name);
    assert.equal(await again.page.locator('#holder-serial').textContent(), serial);
  });

  test("a company's card is no citizen's", async () => {
    await cards.swap(0, 'company', 'gpki');
    const before = (await site.portal.events()).length;
    const visitor = await site.visit();
    await visitor.startLogin();
    const { code } = await visitor.error(visitor.loginError);
    assert.equal(code, 'certificate_profile');
    assert.equal((await site.portal.events()).length, before);
  });
});
