// The portal for people who use a keyboard, a screen reader, a small screen: no finding of axe in any state, in both
// languages; everything by keyboard; what happens is said in live regions.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { browserName } from './lib/shared.mjs';
import { useSite } from './lib/site.mjs';
import { person, personWill, promptIsOpen, until } from './lib/stack.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 360, height: 740 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LANGUAGES = ['zh-TW', 'en'];

// In Firefox, where axe takes far longer, every state on a desktop.
const isChromium = browserName === 'chromium';
const FORMS = isChromium ? ['a desktop', 'a phone', 'the dark'] : ['a desktop'];

// In both languages: what `reach(language)` leads to, on a desktop, on a phone and in the dark.
async function assertAccessible(visitor, state, reach = () => {}) {
  const { page } = visitor;
  for (const language of LANGUAGES) {
    await speak(visitor, language);
    await reach(language);
    for (const form of FORMS) {
      await page.setViewportSize(form === 'a phone' ? PHONE : DESKTOP);
      // No colours on their way to others.
      await page.emulateMedia({ colorScheme: form === 'the dark' ? 'dark' : 'light', reducedMotion: 'reduce' });
      await shoot(page, `access ${state} ${language} ${form}`.replaceAll(' ', '-'));
      assert.deepEqual(await findings(page, form === 'the dark'), [], `${state}, ${language}, on ${form}`);
    }
  }
}

async function findings(page, coloursOnly) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  return page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run(document, { runOnly, resultTypes: ['violations'] });
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, 'something is wider than the screen'] : found;
  }, coloursOnly ? ['color-contrast'] : RULES);
}

// Stands in for the service: says hello and answers every other request with `answer`; null: never.
async function serviceAnswers(page, answer) {
  await page.routeWebSocket(/127\.0\.0\.1:25120/, (socket) => {
    socket.onMessage((text) => {
      const { id, method } = JSON.parse(text);
      const hello = { result: { service: 'twcard', version: '0', protocol: 1, methods: [] } };
      if (method === 'hello') socket.send(JSON.stringify({ id, ...hello }));
      else if (answer) socket.send(JSON.stringify({ id, ...answer }));
    });
  });
}

const serviceError = (code, more) => ({
  error: { code, message: { en: `A sentence about ${code}.`, 'zh-TW': `關於 ${code} 的說明。` }, ...more },
});

async function speak(visitor, language) {
  if (await visitor.page.locator('html').getAttribute('lang') !== language) await visitor.page.click('#language');
}

describe('axe finds nothing', () => {
  const site = useSite();

  test('while signing in', async () => {
    const visitor = await site.visit();
    await personWill('slow', { delayMs: 60_000 });
    await assertAccessible(visitor, 'signed out');
    await assertAccessible(visitor, 'wrong ID number', async () => {
      await visitor.startLogin('A123456788');
      await visitor.error(visitor.loginError);
    });
    await assertAccessible(visitor, 'prompt open', async (language) => {
      if (language === LANGUAGES[0]) await visitor.startLogin();
      await until(promptIsOpen, 'the prompt opens');
    });
    await visitor.page.click('#login-progress button');
    await visitor.error(visitor.loginError);
  });

  test('when signed in, with the form empty, filled, refused and accepted', async () => {
    const visitor = await site.visit();
    await visitor.login();
    await assertAccessible(visitor, 'signed in');
    await assertAccessible(visitor, 'filled', async () => {
      await visitor.readNhiCard();
      await visitor.page.evaluate(() => document.getElementById('name-hint').removeAttribute('hidden'));
    });
    await assertAccessible(visitor, 'refused', async () => {
      await visitor.page.fill('#card-number', '12');
      await visitor.page.click('#nhi-submit');
      await visitor.error(visitor.nhiError);
    });
    await assertAccessible(visitor, 'accepted', async () => {
      await visitor.readNhiCard();
      await visitor.submit();
    });
  });

  test('with an NHI card: set up, refused by the server, and the page for the old component', async () => {
    const visitor = await site.visit();
    await visitor.login();
    await assertAccessible(visitor, 'account opened', async (language) => {
      if (language === LANGUAGES[0]) await visitor.openNhiAccount('Summer-rain1');
    });
    await visitor.logout();
    await assertAccessible(visitor, 'wrong password', async () => {
      await visitor.startNhiLogin('Winter-rain1');
      await visitor.error(visitor.nhiLoginError);
    });
    await visitor.page.goto(`${visitor.origin}/nhiicc`);
    assert.deepEqual(await findings(visitor.page), []);
  });

  test('when a reader or a card is missing, and the advice is shown', async () => {
    const visitor = await site.visit({});
    for (const [code, step] of [['no_reader', /接上讀卡機|Plug the reader in/], ['no_card', /插入|Insert/]]) {
      await serviceAnswers(visitor.page, serviceError(code));
      await visitor.page.reload();
      await assertAccessible(visitor, code, async () => {
        await visitor.startLogin();
        assert.match((await visitor.error(visitor.loginError)).text, step);
      });
    }
    await visitor.page.context().close();
  });
});

describe('where there is no service, axe finds nothing', () => {
  const site = useSite('withoutService');

  test('and the steps are shown', async () => {
    const visitor = await site.visit();
    await assertAccessible(visitor, 'not running', async (language) => {
      await visitor.startLogin();
      const { text } = await visitor.error(visitor.loginError);
      assert.match(text, language === 'en' ? /install it first/ : /請先安裝/);
      assert.match(text, /not_running/);
    });
  });
});

describe('by keyboard alone', () => {
  const site = useSite();
  const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.dataset.text);
  const outlined = (page) => page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none');

  async function tabTo(page, wanted) {
    const passed = [];
    while ((await focused(page)) !== wanted) {
      await page.keyboard.press('Tab');
      passed.push(await focused(page));
      assert.ok(await outlined(page), `the focus on ${passed.at(-1)} can be seen`);
      assert.ok(passed.length < 12, `${wanted} is reached, after ${passed.join(', ')}`);
    }
    return passed;
  }

  test('a person sets the NHI card up and signs in with it', async () => {
    const visitor = await site.visit({});
    await visitor.login();
    const { page } = visitor;
    await page.focus('#nhi-submit');
    assert.deepEqual(await tabTo(page, 'nhi-account-button'), ['nhi-account-password', 'nhi-account-button']);
    await page.focus('#nhi-account-password');
    await page.keyboard.type('Summer-rain1');
    await page.keyboard.press('Enter');
    await visitor.accountOpened.waitFor();
    await visitor.logout();
    await page.focus('#login-button');
    await tabTo(page, 'nhi-login-password');
    await page.keyboard.type('Summer-rain1');
    await page.keyboard.press('Enter');
    await page.locator('#holder-name:focus').waitFor();
    await page.context().close();
  });

  test('a person signs in, has the form filled and sends it', async () => {
    const visitor = await site.visit({});
    const { page } = visitor;
    assert.deepEqual(await tabTo(page, 'id-number'), ['language', 'id-number']);
    await page.keyboard.type(person.idNumber);
    await page.keyboard.press('Enter');
    await page.locator('#holder-name:focus').waitFor();
    await tabTo(page, 'nhi-read');
    await page.keyboard.press('Enter');
    await page.locator('#nhi-submit:focus').waitFor();
    await page.keyboard.press('Enter');
    await visitor.accepted.waitFor();
    assert.equal(await focused(page), 'nhi-submit', 'the focus stays');
    await page.context().close();
  });

  test('a person cancels an open prompt, and stands where it began', async () => {
    const visitor = await site.visit({});
    const { page } = visitor;
    await personWill('slow', { delayMs: 60_000 });
    await page.fill('#id-number', person.idNumber);
    await tabTo(page, 'login-button');
    await page.keyboard.press('Space');
    await until(promptIsOpen, 'the prompt opens');
    assert.equal(await focused(page), 'login-button');
    assert.deepEqual(await tabTo(page, 'cancel'), ['cancel']);
    await page.keyboard.press('Enter');
    assert.equal((await visitor.error(visitor.loginError)).code, 'aborted');
    assert.equal(await focused(page), 'login-button', 'the focus is not lost with the button that had it');
    await page.context().close();
  });
});

describe('for a screen reader', () => {
  const site = useSite();

  test('names, states and errors are in the accessibility tree', async () => {
    const visitor = await site.visit({});
    await serviceAnswers(visitor.page, serviceError('no_reader'));
    await visitor.page.reload();
    await visitor.startLogin();
    await visitor.error(visitor.loginError);
    const tree = await visitor.page.locator('body').ariaSnapshot();
    assert.match(tree, /- banner:/);
    assert.match(tree, /- main:/);
    assert.match(tree, /- contentinfo/);
    assert.match(tree, /textbox "身分證統一編號"/);
    assert.match(tree, /alert:\s+- paragraph: 關於 no_reader 的說明。\s+- list:\s+- listitem: 接上讀卡機/);
    await visitor.page.context().close();
  });

  test('each stage is said as it begins', async () => {
    const visitor = await site.visit({});
    await personWill('slow', { delayMs: 60_000 });
    await visitor.startLogin();
    await until(promptIsOpen, 'the prompt opens');
    assert.equal(await visitor.page.locator('#status').textContent(), '請在系統視窗同意並輸入 PIN 碼');
    assert.equal(await visitor.page.locator('[aria-current=step]').textContent(), '請在系統視窗同意並輸入 PIN 碼');
    await visitor.page.click('#login-progress button');
    await visitor.error(visitor.loginError);
    await visitor.page.context().close();
  });

  if (isChromium) {
    test('a permission that the person gives is said, and the next click connects', async () => {
      const visitor = await site.visit({ permission: 'denied' });
      await visitor.startLogin();
      const { code, text } = await visitor.error(visitor.loginError);
      assert.equal(code, 'blocked');
      assert.match(text, /網址列左側的圖示/);
      await assertAccessible(visitor, 'blocked', async () => {
        await visitor.startLogin();
        await visitor.error(visitor.loginError);
      });
      await speak(visitor, 'zh-TW');
      await visitor.startLogin();
      await visitor.error(visitor.loginError);
      await visitor.page.context().grantPermissions(['local-network-access'], { origin: site.portal.origin });
      await visitor.page.locator('#login-error.success').waitFor();
      assert.match(await visitor.loginError.textContent(), /請再按一次/);
      await visitor.login();
      await visitor.page.context().close();
    });
  }
});
