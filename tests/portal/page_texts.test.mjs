// The portal's page says everything in both languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

globalThis.localStorage = { getItem: () => null };
const { texts } = await import('../../portal/page/texts.js');

const said = (text) => (typeof text === 'function' ? text('VALUE') : text);

test('both languages have the same texts, none of them empty', () => {
  assert.deepEqual(Object.keys(texts.en).sort(), Object.keys(texts['zh-TW']).sort());
  for (const [language, all] of Object.entries(texts))
    for (const [key, text] of Object.entries(all)) assert.ok(said(text), `${language}: ${key}`);
});

test('a text with a value has it in both languages', () => {
  for (const key of Object.keys(texts.en)) {
    const [en, zh] = [said(texts.en[key]), said(texts['zh-TW'][key])];
    assert.equal(en.includes('VALUE'), zh.includes('VALUE'), key);
  }
});

test('every text that the page names is there', () => {
  const page = readFileSync(new URL('../../portal/page/index.html', import.meta.url), 'utf8');
  const named = [...page.matchAll(/data-text="([^"]*)"/g)].map(([, key]) => key);
  assert.ok(named.length > 0);
  for (const key of named) assert.ok(key in texts.en, key);
});
