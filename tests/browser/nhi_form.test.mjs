import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { useSite } from './lib/site.mjs';
import { cards, dialogs, person, personWill, revokeGrants } from './lib/stack.mjs';

describe('the form that an NHI card fills', () => {
  const site = useSite();
  const accepted = async () => (await site.portal.events()).filter(({ event }) => event === 'nhi_form_accepted').length;
  const EMPTY = { cardNumber: '', name: '', idNumber: '', birthDate: '', sex: '', issueDate: '' };

  async function signedInVisitor() {
    const visitor = await site.visit();
    await visitor.login();
    return visitor;
  }

  test('an NHI card fills the form after consent, and the server takes it', async () => {
    const visitor = await signedInVisitor();
    const before = (await dialogs()).length;
    await visitor.readNhiCard();
    await shoot(visitor.page, 'nhi-form');

    const values = await visitor.formValues();
    assert.equal(values.name, person.name);
    assert.equal(values.idNumber, person.idNumber);
    assert.match(values.cardNumber, /^\d{12}$/);
    assert.match(values.birthDate, /^\d{4}-\d{2}-\d{2}$/);
    assert.match(values.sex, /^[MF]$/);
    assert.match(values.issueDate, /^\d{4}-\d{2}-\d{2}$/);
    const asked = (await dialogs()).slice(before);
    assert.deepEqual(asked.map(({ kind }) => kind), ['confirm']);
    assert.ok(asked[0].description.includes('https://page.test:8443'));

    const acceptedBefore = await accepted();
    await visitor.submit();
    await shoot(visitor.page, 'nhi-accepted');
    assert.match(await visitor.accepted.textContent(), /[0-9A-F]{10}/);
    assert.equal(await accepted(), acceptedBefore + 1);
  });

  test('a refused consent leaves the form empty', async () => {
    const visitor = await signedInVisitor();
    await personWill('refuse');
    await cards.apdus();
    await visitor.page.click('#nhi-read');
    assert.equal((await visitor.error(visitor.nhiError)).code, 'user_denied');
    assert.deepEqual(await visitor.formValues(), EMPTY);
    assert.equal(await cards.apdus(), 0);
  });

  test('a site with a permanent consent reads the card again without a dialog, until the consent is revoked', async () => {
    const visitor = await signedInVisitor();
    await personWill('always');
    await visitor.readNhiCard();
    const given = await dialogs();
    assert.deepEqual(given.slice(-2).map(({ answer }) => answer), ['always', 'approved']);
    assert.ok(given.at(-1).description.includes('https://page.test:8443'));
    try {
      await visitor.page.reload();
      await visitor.signedIn.waitFor();
      await personWill('refuse');
      await visitor.readNhiCard();
      assert.equal((await visitor.formValues()).idNumber, person.idNumber);
      assert.equal((await dialogs()).length, given.length);
    } finally {
      await revokeGrants();
    }
    await visitor.page.click('#nhi-read');
    assert.equal((await visitor.error(visitor.nhiError)).code, 'user_denied');
    assert.equal((await dialogs()).length, given.length + 1);
  });

  test('a field that cannot be right is named by the server and marked', async () => {
    const visitor = await signedInVisitor();
    await visitor.readNhiCard();
    const before = await accepted();
    await visitor.page.fill('#card-number', '12');
    await visitor.page.click('#nhi-submit');
    const { code, text } = await visitor.error(visitor.nhiError);
    await shoot(visitor.page, 'nhi-field');
    assert.equal(code, 'field_invalid');
    assert.match(text, /健保卡卡號/);
    assert.equal(await visitor.page.locator('#card-number').getAttribute('aria-invalid'), 'true');
    assert.equal(await accepted(), before);
  });

  test('without an NHI card the page says so', async () => {
    const visitor = await signedInVisitor();
    await cards.remove(1);
    try {
      await visitor.page.click('#nhi-read');
      assert.equal((await visitor.error(visitor.nhiError)).code, 'no_card');
      assert.deepEqual(await visitor.formValues(), EMPTY);
    } finally {
      await cards.insert(1, 'nhi');
      await cards.ready('nhi');
    }
  });
});
