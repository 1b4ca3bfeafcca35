import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Challenges } from '../../examples/verification/node/challenges.mjs';

test('a nonce has 256 bits, is another each time, and is good for one use by its session', () => {
  const challenges = new Challenges();
  const nonce = challenges.issue('one');
  assert.equal(Buffer.from(nonce, 'base64').length, 32);
  assert.notEqual(nonce, challenges.issue('two'));
  assert.equal(challenges.consume('one'), nonce);
  assert.throws(() => challenges.consume('one'), { verdict: 'challenge_missing' });
  assert.throws(() => challenges.consume('nobody'), { verdict: 'challenge_missing' });
});

test('a nonce is good for five minutes, and a new one replaces it', () => {
  let now = 1000;
  const challenges = new Challenges(() => now);
  const first = challenges.issue('one');
  const second = challenges.issue('one');
  now += 299_999;
  assert.equal(challenges.consume('one'), second);
  assert.notEqual(first, second);
  challenges.issue('one');
  now += 300_000;
  assert.throws(() => challenges.consume('one'), { verdict: 'challenge_expired' });
});
