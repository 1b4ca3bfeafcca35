// A page as sites for the old component have it, against its NHIICC dialect (docs/dialects/protocol.md): unchanged, in a browser.
import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { shoot } from './lib/screenshots.mjs';
import { useSite } from './lib/site.mjs';
import { cards, dialogs, person, personWill, siteWill } from './lib/stack.mjs';

const PASSWORD = 'Summer-rain1';

describe('the page for the old component', () => {
  const site = useSite();
  afterEach(() => siteWill(''));
  const signedIn = async () =>
    (await site.portal.events()).filter(({ event }) => event === 'old_nhi_login_verified').length;

  before(async () => {
    const visitor = await site.visit();
    await visitor.login();
    await visitor.openNhiAccount(PASSWORD);
    await visitor.logout();
  });

  async function startOldLogin(password = PASSWORD) {
    const visitor = await site.visit();
    await visitor.page.click('#old-page a');
    await visitor.page.fill('#password', password);
    await visitor.page.click('#old-login-button');
    return visitor;
  }

  async function refusal(visitor) {
    const box = visitor.page.locator('#old-error');
    await box.waitFor();
    return box.getAttribute('data-code');
  }

  test('card and password sign in, after consents that say what is not bound to the site', async () => {
    const [asked, verified] = [(await dialogs()).length, await signedIn()];
    const visitor = await startOldLogin();
    await visitor.signedIn.waitFor();
    await shoot(visitor.page, 'old-signed-in');
    assert.equal(await visitor.holder.textContent(), person.name);
    assert.equal(await signedIn(), verified + 1);
    const consents = (await dialogs()).slice(asked);
    assert.deepEqual(consents.map(({ kind }) => kind), ['confirm', 'confirm'], 'reading and signing, no PIN');
    for (const { description } of consents) assert.ok(description.includes('https://page.test:8443'));
  });

  test('the name that older sites use reaches the same component', async () => {
    const visitor = await site.visit();
    await visitor.page.goto(`${site.portal.origin}/nhiicc`);
    const answer = await visitor.page.evaluate(() => new Promise((resolve, reject) => {
      const socket = new WebSocket('wss://iccert.nhi.gov.tw:7777/echo');
      socket.onopen = () => socket.send('GetVersion');
      socket.onmessage = ({ data }) => resolve(data);
      socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
    }));
    assert.equal(answer, 'GetVersion:0001');
  });

  test('a wrong password signs nobody in', async () => {
    const before = await signedIn();
    assert.equal(await refusal(await startOldLogin('Winter-rain1')), 'password_wrong');
    assert.equal(await signedIn(), before);
  });

  test('a password that the component refuses is said with its code', async () => {
    assert.equal(await refusal(await startOldLogin('five5')), '8009');
  });

  test('a refused consent reaches no card', async () => {
    await personWill('refuse');
    await cards.apdus();
    assert.match(await refusal(await startOldLogin()), /^\d{4}$/);
    assert.equal(await cards.apdus(), 0);
  });

  test('a site of the insurer that is out of service is said with its code', async () => {
    await siteWill('health:cut');
    assert.equal(await refusal(await startOldLogin()), '8005');
  });
});
