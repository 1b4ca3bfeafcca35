// What the portal says when the card service is not to be had.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { browserName } from './lib/shared.mjs';
import { useSite } from './lib/site.mjs';
import { dialogs } from './lib/stack.mjs';

describe('where nothing listens', () => {
  const site = useSite('withoutService');

  test('the page says that the service is not running, in both languages', async () => {
    const visitor = await site.visit();
    await visitor.startLogin();
    const chinese = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'no-service');
    assert.equal(chinese.code, 'not_running');
    assert.match(chinese.text, /讀卡服務/);
    await visitor.page.click('#language');
    await visitor.startLogin();
    assert.match((await visitor.error(visitor.loginError)).text, /is not running/);
  });
});

// Today's Firefox asks nobody; states.test.mjs has one that does.
if (browserName === 'chromium') {
  describe('where the browser does not let the page connect', () => {
    const site = useSite();

    test('the page says so, and no prompt opens', async () => {
      const before = (await dialogs()).length;
      const visitor = await site.visit({ permission: 'denied' });
      await visitor.startLogin();
      assert.equal((await visitor.error(visitor.loginError)).code, 'blocked');
      assert.equal((await dialogs()).length, before);
      await visitor.page.context().close();
    });
  });
}

describe('where the person has turned the site away', () => {
  const site = useSite('denied');

  test('the page says so, and no prompt opens', async () => {
    const before = (await dialogs()).length;
    const visitor = await site.visit();
    await visitor.startLogin();
    const { code, text } = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'origin-denied');
    assert.equal(code, 'origin_denied');
    assert.match(text, /拒絕本網站/);
    assert.equal((await dialogs()).length, before);
  });
});
