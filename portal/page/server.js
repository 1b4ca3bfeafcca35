// Calls to the portal's own server (portal/api.hpp).
import { currentLanguage, text } from './texts.js';

// What the server refused, in the page's language.
export class ServerError extends Error {
  constructor({ code, message, detail }) {
    super(message[currentLanguage()]);
    this.code = code;
    this.detail = detail;
  }
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error(text('unreachable'));
  }
  const answer = await response.json();
  if (!response.ok) throw new ServerError(answer.error);
  return answer;
}

const post = (path, body = {}) => call(path, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

export const session = () => call('/api/session');
export const challenge = () => post('/api/challenge');
export const login = (idNumber, token) => post('/api/login', { idNumber, token });
export const openNhiAccount = (proof, password) => post('/api/nhi-account', { proof, password });
export const nhiLogin = (proof, password) => post('/api/nhi-login', { proof, password });
export const logout = () => post('/api/logout');
export const submitNhiForm = (form) => post('/api/nhi', form);
