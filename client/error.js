// What every promise of this package is rejected with.
import { adviceOn } from './advice.js';

export class TwcardError extends Error {
  #language;

  constructor(code, message, { detail, triesLeft, step, language = 'en' } = {}) {
    super(message);
    this.name = 'TwcardError';
    this.code = code;
    this.detail = detail;
    this.triesLeft = triesLeft;
    this.step = step;
    this.#language = language;
  }

  // What the page should show and offer, in the language of the message.
  get advice() {
    return { ...adviceOn(this.code, this.#language), title: this.message };
  }
}

// An error that the client itself has seen; its sentence is that of the advice.
export const localError = (code, language, detail) =>
  new TwcardError(code, adviceOn(code, language).title, { detail, language });

export function errorOfAnswer({ code, message, detail, tries_left: triesLeft, step } = {}, language) {
  if (typeof code !== 'string') return localError('protocol_error', language, 'error without a code');
  return new TwcardError(code, message?.[language] ?? message?.en ?? code, { detail, triesLeft, step, language });
}
