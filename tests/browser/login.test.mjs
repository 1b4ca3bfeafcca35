import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { useSite } from './lib/site.mjs';
import { cards, dialogs, person, personWill, promptIsOpen, until } from './lib/stack.mjs';

const SOMEBODY_ELSE = 'F131232216';
describe('signing in', () => {
  const site = useSite();
  const verified = async () => (await site.portal.events()).length;

  test('a citizen card signs its holder in', async () => {
    const visitor = await site.visit();
    await shoot(visitor.page, 'login');
    const before = (await dialogs()).length;
    const verifiedBefore = await verified();
    await visitor.login();
    await shoot(visitor.page, 'signed-in');

    assert.equal(await visitor.holder.textContent(), person.name);
    assert.ok(await visitor.page.locator('#simulated').isVisible());
    assert.match(await visitor.page.locator('#holder-serial').textContent(), /^\d{4} •{8} \d{4}$/);
    const [consent, pin] = (await dialogs()).slice(before);
    assert.equal(consent.kind, 'confirm');
    assert.ok(consent.description.includes('https://page.test:8443'), 'the consent shows the site');
    assert.equal(pin.kind, 'pin');
    assert.ok(!(await visitor.page.content()).includes(person.pin));
    const events = (await site.portal.events()).slice(verifiedBefore);
    assert.deepEqual(events.map(({ event, simulated }) => [event, simulated]), [['login_verified', true]]);

    await visitor.page.reload();
    await visitor.signedIn.waitFor();
    assert.equal(await visitor.holder.textContent(), person.name);
    await visitor.page.click('#logout');
    await visitor.page.locator('#signed-out').waitFor();
    await visitor.page.reload();
    await visitor.page.locator('#signed-out').waitFor();
  });

  test('a refused consent is said, and the card is not asked anything', async () => {
    const visitor = await site.visit();
    await personWill('refuse');
    await cards.apdus();
    await visitor.startLogin();
    const { code, text } = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'refused');
    assert.equal(code, 'user_denied');
    assert.match(text, /\p{Script=Han}/u);
    assert.equal(await cards.apdus(), 0);
  });

  test('a wrong PIN shows the remaining attempts, and the right one still signs in', async () => {
    const visitor = await site.visit();
    await personWill('wrong-pin');
    await visitor.startLogin();
    const { code, text } = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'wrong-pin');
    assert.equal(code, 'pin_incorrect');
    assert.match(text, /2/);
    await personWill('approve');
    await visitor.login();
  });

  test('a PIN prompt that the person closes is said', async () => {
    const visitor = await site.visit();
    await personWill('cancel');
    await visitor.startLogin();
    assert.equal((await visitor.error(visitor.loginError)).code, 'user_cancelled');
  });

  test('the ID number of somebody else is refused by the server', async () => {
    const visitor = await site.visit();
    const before = await verified();
    await visitor.startLogin(SOMEBODY_ELSE);
    const { code, text } = await visitor.error(visitor.loginError);
    await shoot(visitor.page, 'id-mismatch');
    assert.equal(code, 'id_mismatch');
    assert.match(text, /身分證統一編號與卡片憑證不符/);
    assert.equal(await verified(), before);
    assert.ok(!(await visitor.signedIn.isVisible()));
  });

  test('a mistyped ID number is said at once, without any prompt', async () => {
    const visitor = await site.visit();
    const before = (await dialogs()).length;
    await visitor.startLogin(person.idNumber.slice(0, 9) + ((Number(person.idNumber[9]) + 1) % 10));
    assert.equal((await visitor.error(visitor.loginError)).code, 'id_number_invalid');
    const input = visitor.page.locator('#id-number');
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    assert.ok(await input.evaluate((element) => element === document.activeElement));
    assert.equal((await dialogs()).length, before);
  });

  test('without a card the page says so, in the language that the person chose', async () => {
    await cards.remove(0);
    try {
      const visitor = await site.visit();
      await visitor.startLogin();
      const chinese = await visitor.error(visitor.loginError);
      await shoot(visitor.page, 'no-card');
      assert.equal(chinese.code, 'no_card');
      assert.match(chinese.text, /\p{Script=Han}/u);
      await visitor.page.click('#language');
      assert.equal(await visitor.page.locator('html').getAttribute('lang'), 'en');
      await visitor.startLogin();
      const english = await visitor.error(visitor.loginError);
      await shoot(visitor.page, 'no-card-english');
      assert.equal(english.code, 'no_card');
      assert.doesNotMatch(english.text, /\p{Script=Han}/u);
    } finally {
      await cards.insert(0, 'hicos');
      await cards.ready('hicos');
    }
  });

  for (const [how, leave] of [
    ['the page goes away', (visitor) => visitor.page.close()],
    ['the person cancels in the page', (visitor) => visitor.page.click('#login-progress button')],
  ]) {
    test(`an open prompt closes when ${how}`, async () => {
      const visitor = await site.visit();
      await personWill('slow', { delayMs: 60_000 });
      const before = (await dialogs()).length;
      await visitor.startLogin();
      await until(promptIsOpen, 'the prompt opens');
      await shoot(visitor.page, 'prompt-open');
      await leave(visitor);
      await until(async () => !(await promptIsOpen()), 'the prompt closes');
      const answers = (await dialogs()).slice(before).map(({ answer }) => answer);
      assert.ok(answers.every((answer) => answer === 'closed'), answers.join());
      if (visitor.page.isClosed()) return;
      assert.equal((await visitor.error(visitor.loginError)).code, 'aborted');
    });
  }
});
