// The page: who is signed in, and the two jobs with a card.
import { announce, bringIntoView, CardTask } from './card_task.js';
import { isIdNumber } from './id_number.js';
import * as server from './server.js';
import { showTexts, switchLanguage, text } from './texts.js';
import { watchPermission } from './twcard.js';

const element = (id) => document.getElementById(id);
const NHI_FIELDS = {
  cardNumber: 'card_number',
  name: 'name',
  idNumber: 'id_number',
  birthDate: 'birth_date',
  sex: 'sex',
  issueDate: 'issue_date',
};
const loginTask = new CardTask(element('login-progress'), element('login-button'));
const nhiTask = new CardTask(element('nhi-progress'), element('nhi-read'));
let serviceUrl;

// The sentence, and what the card service's client advises to do about it; `error` may be good news, with `good`.
function showError(box, error) {
  const { message = '', code = '', advice, good = false } = error ?? {};
  const [alert, reference] = box.children;
  box.hidden = !error;
  box.dataset.code = code;
  box.className = good ? 'success' : 'error';
  reference.textContent = code && text('reference')(code);
  const sentence = document.createElement('p');
  sentence.textContent = message;
  const steps = document.createElement('ul');
  for (const step of advice?.steps ?? []) steps.append(Object.assign(document.createElement('li'), { textContent: step }));
  alert.replaceChildren(sentence, ...(steps.childElementCount > 0 ? [steps] : []));
  if (error) bringIntoView(box);
}

function clearMessages() {
  showError(element('login-error'));
  showError(element('nhi-error'));
  element('nhi-accepted').hidden = true;
  for (const input of document.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-errormessage');
  }
}

function markInvalid(input, box) {
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-errormessage', box.firstElementChild.id);
  input.focus();
}

// Enough to recognise one's own, too little to copy.
const masked = (serial) => serial.replace(/^(.{4})(.*)(.{4})$/u, (_, first, middle, last) =>
  `${first} ${'•'.repeat(middle.length)} ${last}`);

function showHolder(holder) {
  element('signed-out').hidden = Boolean(holder);
  element('signed-in').hidden = !holder;
  element('login').reset();
  element('nhi').reset();
  element('name-hint').hidden = true;
  if (!holder) return;
  element('holder-name').textContent = holder.name;
  element('holder-serial').textContent = masked(holder.serialNumber);
  element('simulated').hidden = !holder.simulated;
  document.querySelector('.avatar').textContent = [...holder.name].at(-1) ?? '';
}

// When the person has changed the browser's setting that an advice is about, the page says so and waits for the click.
let watched;
async function watchSetting(errorBox) {
  watched = new AbortController();
  const { signal } = watched;
  await watchPermission((state) => {
    if (state === 'denied') return;
    watched.abort();
    showError(errorBox, { message: text('nowAllowed'), good: true });
  }, { signal });
}

// One job at a time: its button rests while it runs, without losing the focus, and what went wrong is shown in its box.
async function perform(button, errorBox, job) {
  if (button.ariaDisabled === 'true') return undefined;
  watched?.abort();
  clearMessages();
  button.ariaDisabled = 'true';
  try {
    await job();
    return undefined;
  } catch (error) {
    announce('');
    showError(errorBox, error);
    if (error.advice?.do === 'allow') watchSetting(errorBox);
    return error;
  } finally {
    button.ariaDisabled = 'false';
  }
}

element('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const input = element('id-number');
  const idNumber = input.value.trim().toUpperCase();
  input.value = idNumber;
  if (!isIdNumber(idNumber)) {
    clearMessages();
    showError(element('login-error'), { code: 'id_number_invalid', message: text('idNumberInvalid') });
    markInvalid(input, element('login-error'));
    return;
  }
  await perform(element('login-button'), element('login-error'), async () => {
    const { holder } = await loginTask.run(serviceUrl, async (card, reach) => {
      const { nonce } = await server.challenge();
      reach('card');
      const token = await card.authenticate(nonce);
      reach('server');
      return server.login(idNumber, token);
    });
    showHolder(holder);
    announce(text('signedIn'));
    element('holder-name').focus();
  });
});

element('logout').addEventListener('click', () => perform(element('logout'), element('nhi-error'), async () => {
  await server.logout();
  showHolder(null);
  element('id-number').focus();
}));

element('nhi-read').addEventListener('click', () => perform(element('nhi-read'), element('nhi-error'), async () => {
  const reading = await nhiTask.run(serviceUrl, (card, reach) => {
    reach('card');
    return card.readNhiCard(Object.values(NHI_FIELDS));
  });
  const form = element('nhi');
  for (const [input, field] of Object.entries(NHI_FIELDS)) form.elements[input].value = reading.fields[field] ?? '';
  element('name-hint').hidden = !reading.nameUncertain;
  announce(text('nhiDone'));
  element('nhi-submit').focus();
}));

element('nhi').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const values = Object.fromEntries(Object.keys(NHI_FIELDS).map((name) => [name, form.elements[name].value.trim()]));
  const error = await perform(element('nhi-submit'), element('nhi-error'), async () => {
    const { reference } = await server.submitNhiForm(values);
    element('nhi-accepted').textContent = text('accepted')(reference);
    element('nhi-accepted').hidden = false;
  });
  const refused = error?.code === 'field_invalid' ? form.elements[error.detail] : null;
  if (!refused) return;
  const message = text('fieldInvalid')(form.querySelector(`label[for="${refused.id}"]`).textContent);
  showError(element('nhi-error'), { code: error.code, message });
  markInvalid(refused, element('nhi-error'));
});

element('language').addEventListener('click', () => {
  clearMessages();
  switchLanguage();
});

showTexts();
try {
  const session = await server.session();
  serviceUrl = session.serviceUrl;
  showHolder(session.holder);
} catch (error) {
  showHolder(null);
  showError(element('login-error'), error);
}
