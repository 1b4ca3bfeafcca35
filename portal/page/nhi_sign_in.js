// Signing in with NHI card and password, and opening the account for it.
import { announce, bringIntoView, CardTask } from './card_task.js';
import { clearMessages, markInvalid, perform, showError } from './job.js';
import * as server from './server.js';
import { text } from './texts.js';

const element = (id) => document.getElementById(id);
const SHORTEST_PASSWORD = 8;

// The password of a form, or undefined after the page has said what is wrong with it.
function typedPassword(name) {
  const input = element(`${name}-password`);
  if (input.value.length >= SHORTEST_PASSWORD) return input.value;
  clearMessages();
  showError(element(`${name}-error`), { code: 'password_unfit', message: text('passwordTooShort') });
  markInvalid(input, element(`${name}-error`));
  return undefined;
}

// A form that sends the proof of an NHI card and the password in it to the server by `send`.
function submitsProof(name, send, done) {
  const task = new CardTask(element(`${name}-progress`), element(`${name}-button`));
  return async (serviceUrl) => {
    const password = typedPassword(name);
    if (password === undefined) return;
    const error = await perform(element(`${name}-button`), element(`${name}-error`), async () => {
      const answer = await task.run(serviceUrl, async (card, reach) => {
        const { nonce } = await server.challenge();
        reach('card');
        const proof = await card.authenticateWithNhiCard(nonce);
        reach('server');
        return send(proof, password);
      });
      element(name).reset();
      done(answer);
    });
    if (['password_wrong', 'password_unfit'].includes(error?.code)) {
      markInvalid(element(`${name}-password`), element(`${name}-error`));
    }
  };
}

// `session`: of the server. `signedIn(holder)` is called after a sign-in.
export function startNhiSignIn({ serviceUrl, nhiSignIn, oldPage }, signedIn) {
  element('nhi-login').hidden = element('nhi-account').hidden = !nhiSignIn;
  element('old-page').hidden = !oldPage;
  const login = submitsProof('nhi-login', server.nhiLogin, ({ holder }) => signedIn(holder));
  const open = submitsProof('nhi-account', server.openNhiAccount, () => {
    const opened = element('nhi-account-opened');
    opened.textContent = text('accountOpened');
    opened.hidden = false;
    bringIntoView(opened);
    announce('');
  });
  for (const [name, submit] of [['nhi-login', login], ['nhi-account', open]]) {
    element(name).addEventListener('submit', (event) => {
      event.preventDefault();
      submit(serviceUrl);
    });
  }
}
