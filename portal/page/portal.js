// The page: who is signed in, the sign-in with a citizen card, and the form that an NHI card fills.
import { announce, CardTask } from './card_task.js';
import { isIdNumber } from './id_number.js';
import { clearMessages, markInvalid, perform, showError } from './job.js';
import { startNhiSignIn } from './nhi_sign_in.js';
import * as server from './server.js';
import { showTexts, switchLanguage, text } from './texts.js';

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

// Enough to recognise one's own, too little to copy.
const masked = (serial) => serial.replace(/^(.{4})(.*)(.{4})$/u, (_, first, middle, last) =>
  `${first} ${'•'.repeat(middle.length)} ${last}`);

function showHolder(holder) {
  element('signed-out').hidden = Boolean(holder);
  element('signed-in').hidden = !holder;
  for (const form of document.forms) form.reset();
  element('name-hint').hidden = true;
  if (!holder) return;
  element('holder-name').textContent = holder.name;
  element('holder-serial').textContent = masked(holder.serialNumber);
  element('simulated').hidden = !holder.simulated;
  document.querySelector('.avatar').textContent = [...holder.name].at(-1) ?? '';
}

function welcome(holder) {
  showHolder(holder);
  announce(text('signedIn'));
  element('holder-name').focus();
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
    welcome(holder);
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
  startNhiSignIn(session, welcome);
  showHolder(session.holder);
} catch (error) {
  showHolder(null);
  showError(element('login-error'), error);
}
