// The page's side of twcard: connects to the card service on this computer (README.md; types in twcard.d.ts).
// An ES module without dependencies and without a build step.
import { chosenLanguage, connectIn } from './connection.js';
import { adviceOn } from './advice.js';
import { browser } from './diagnosis.js';
import { stayConnectedIn } from './reconnect.js';

export { MAIN_ADDRESS } from './connection.js';
export { TwcardError } from './error.js';

export const connect = (options) => connectIn(browser, options);

export const stayConnected = (options) => stayConnectedIn(browser, options);

export const check = (options) => checkIn(browser, options);

export const advice = (code, language) => adviceOn(code, chosenLanguage(language));

// Calls `changed(state)` whenever the person has changed the browser's permission for this site.
export async function watchPermission(changed, { signal } = {}) {
  const permission = await browser.permission();
  if (signal?.aborted) return;
  permission?.addEventListener('change', () => changed(permission.state), { signal });
}

// The state as a value instead of an error: 'ready', or the code of what is in the way.
export async function checkIn(environment, options = {}) {
  try {
    const connection = await connectIn(environment, options);
    const { service } = connection;
    connection.close();
    return { state: 'ready', service, advice: null };
  } catch (error) {
    return { state: error.code, service: null, advice: error.advice, detail: error.detail };
  }
}
