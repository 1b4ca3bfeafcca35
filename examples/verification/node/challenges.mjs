// Challenges of logins: 256 random bits each, for one session, for one use, for five minutes.
import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.mjs';

const LIFETIME_MS = 300_000;

// In this process's memory; a site with several processes keeps the same two values in its session store.
export class Challenges {
  #open = new Map();
  #clock;

  constructor(clock = () => performance.now()) {
    this.#clock = clock;
  }

  // The nonce for the page: 44 characters. Replaces an earlier one of the session.
  issue(session) {
    const now = this.#clock();
    for (const [key, { ends }] of this.#open) if (ends <= now) this.#open.delete(key);
    const nonce = randomBytes(32).toString('base64');
    this.#open.set(session, { nonce, ends: now + LIFETIME_MS });
    return nonce;
  }

  // Takes the session's nonce away, whatever becomes of the login. Throws Refusal.
  consume(session) {
    const challenge = this.#open.get(session);
    this.#open.delete(session);
    if (!challenge) throw new Refusal('challenge_missing');
    if (this.#clock() >= challenge.ends) throw new Refusal('challenge_expired');
    return challenge.nonce;
  }
}
