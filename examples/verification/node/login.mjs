// The two requests of a login, without HTTP. `session` is the visitor's session at the site, from a cookie.
import { Challenges } from './challenges.mjs';
import { parseToken, verifyToken } from './verify_token.mjs';

export class Login {
  #challenges = new Challenges();
  #site;

  // `origin`: https://page.test:8443; `trust`: a Trust.
  constructor({ origin, trust }) {
    this.#site = { origin, trust };
  }

  // For the page, which gives it to the card service.
  challenge(session) {
    return this.#challenges.issue(session);
  }

  // The holder. The nonce is used up before anything else is looked at. Throws Refusal.
  signIn(session, idNumber, body) {
    const nonce = this.#challenges.consume(session);
    return verifyToken(parseToken(body), { ...this.#site, nonce, idNumber });
  }
}
