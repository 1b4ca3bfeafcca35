// One job of the page at a time, and what its boxes say about it.
import { announce, bringIntoView } from './card_task.js';
import { text } from './texts.js';
import { watchPermission } from './twcard.js';

// The sentence, and what the card service's client advises to do about it; `error` may be good news, with `good`.
export function showError(box, error) {
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

export function clearMessages() {
  for (const box of document.querySelectorAll('[data-messages]')) showError(box);
  for (const done of document.querySelectorAll('.success[role=status]')) done.hidden = true;
  for (const input of document.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-errormessage');
  }
}

export function markInvalid(input, box) {
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-errormessage', box.firstElementChild.id);
  input.focus();
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

// The job's button rests while it runs, without losing the focus, and what went wrong is shown in its box.
export async function perform(button, errorBox, job) {
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
