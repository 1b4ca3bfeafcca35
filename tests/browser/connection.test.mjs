// What the page says when the card service is not to be had.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { useSite } from './lib/site.mjs';
import { dialogs, startService } from './lib/stack.mjs';

describe('where nothing listens', () => {
  const site = useSite({ options: ['--service-url', 'ws://127.0.0.1:25199/'] });

  test('the page says that the service cannot be reached, in both languages', async () => {
    const visitor = await site.visit();
    await visitor.startLogin();
    const chinese = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'no-service');
    assert.equal(chinese.code, 'service_unreachable');
    assert.match(chinese.text, /讀卡服務/);
    await visitor.page.click('#language');
    await visitor.startLogin();
    assert.match((await visitor.error(visitor.loginError)).text, /cannot be reached/);
    await visitor.page.close();
  });
});

describe('where the browser does not let the page connect', () => {
  const site = useSite();

  test('the page says that the service cannot be reached, and no prompt opens', async () => {
    const before = (await dialogs()).length;
    const visitor = await site.visit({ permission: false });
    await visitor.startLogin();
    assert.equal((await visitor.error(visitor.loginError)).code, 'service_unreachable');
    assert.equal((await dialogs()).length, before);
    await visitor.page.close();
  });
});

describe('where the person has turned the site away', () => {
  const site = useSite({ options: ['--service-url', 'ws://127.0.0.1:25121/'] });

  test('the page says so, and no prompt opens', async () => {
    const service = await startService({ port: 25121, deny: 'https://page.test:8443' });
    try {
      const before = (await dialogs()).length;
      const visitor = await site.visit();
      await visitor.startLogin();
      const { code, text } = await visitor.error(visitor.loginError);
      await shoot(visitor.page, 'origin-denied');
      assert.equal(code, 'origin_denied');
      assert.match(text, /拒絕本網站/);
      assert.equal((await dialogs()).length, before);
      await visitor.page.close();
    } finally {
      await service.stop();
    }
  });
});
