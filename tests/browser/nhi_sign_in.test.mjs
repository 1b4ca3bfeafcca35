// NHI card and password at the portal, by the native method: the insurer's site is the simulated one.
import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { useSite } from './lib/site.mjs';
import { cards, dialogs, person, personWill, siteWill } from './lib/stack.mjs';

const PASSWORD = 'Summer-rain1';

describe('signing in with the NHI card', () => {
  const site = useSite();
  const signedIn = async () => (await site.portal.events()).filter(({ event }) => event === 'nhi_login_verified').length;
  afterEach(() => siteWill(''));

  before(async () => {
    const visitor = await site.visit();
    await visitor.login();
    await visitor.openNhiAccount(PASSWORD);
    await shoot(visitor.page, 'nhi-account');
    await visitor.logout();
  });

  test('card and password sign in whoever set it up, after consent', async () => {
    const visitor = await site.visit();
    const [asked, verified] = [(await dialogs()).length, await signedIn()];
    await visitor.startNhiLogin(PASSWORD);
    await visitor.signedIn.waitFor();
    assert.equal(await visitor.holder.textContent(), person.name);
    const consents = (await dialogs()).slice(asked);
    assert.deepEqual(consents.map(({ kind }) => kind), ['confirm'], 'the card has no PIN');
    assert.ok(consents[0].description.includes('https://page.test:8443'));
    assert.equal(await signedIn(), verified + 1);
  });

  test('a wrong password is said and marked, and signs nobody in', async () => {
    const visitor = await site.visit();
    const before = await signedIn();
    await visitor.startNhiLogin('Winter-rain1');
    const { code, text } = await visitor.error(visitor.nhiLoginError);
    await shoot(visitor.page, 'nhi-wrong-password');
    assert.equal(code, 'password_wrong');
    assert.match(text, /密碼不正確/);
    assert.equal(await visitor.page.locator('#nhi-login-password').getAttribute('aria-invalid'), 'true');
    assert.equal(await signedIn(), before);
  });

  test('a password that is too short is said at once, without any prompt', async () => {
    const visitor = await site.visit();
    const before = (await dialogs()).length;
    await visitor.startNhiLogin('short');
    assert.equal((await visitor.error(visitor.nhiLoginError)).code, 'password_unfit');
    assert.equal((await dialogs()).length, before);
  });

  test('a refused consent reaches neither card nor insurer', async () => {
    const visitor = await site.visit();
    await personWill('refuse');
    await cards.apdus();
    await visitor.startNhiLogin(PASSWORD);
    assert.equal((await visitor.error(visitor.nhiLoginError)).code, 'user_denied');
    assert.equal(await cards.apdus(), 0);
  });

  for (const [words, what] of [['signature:refuse', 'refuses'], ['module-data:garbage', 'talks nonsense']]) {
    test(`a site that ${what} is said with what helps, and the next attempt works`, async () => {
      const visitor = await site.visit();
      await siteWill(words);
      await visitor.startNhiLogin(PASSWORD);
      const { code, text } = await visitor.error(visitor.nhiLoginError);
      await shoot(visitor.page, 'nhi-site-failed');
      assert.equal(code, 'site_failed');
      assert.match(text, /幾分鐘後再試一次/);
      await siteWill('');
      await visitor.startNhiLogin(PASSWORD);
      await visitor.signedIn.waitFor();
    });
  }

  test('a site that lies signs nobody in: the card does not believe it, and the portal does not either', async () => {
    const visitor = await site.visit();
    const before = await signedIn();
    await siteWill('module-data:forged');
    await visitor.startNhiLogin(PASSWORD);
    await visitor.error(visitor.nhiLoginError);
    assert.ok(!(await visitor.signedIn.isVisible()));
    assert.equal(await signedIn(), before);
  });
});
