// A token that a real page got, from a simulated card, through twcard-web: what the examples say of it. Inside
// scripts/with-stack; TWCARD_VERIFY_TOKEN is the C++ example's program, TWCARD_PYTHON the interpreter.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { useSite } from '../../browser/lib/site.mjs';
import { cards, person } from '../../browser/lib/stack.mjs';

const run = promisify(execFile);
const example = (name) => fileURLToPath(new URL(`../../../examples/verification/${name}`, import.meta.url));
const PROGRAMS = {
  'C++': [process.env.TWCARD_VERIFY_TOKEN],
  'Node.js': [process.execPath, example('node/main.mjs')],
  Python: [process.env.TWCARD_PYTHON, '-B', example('python/verify_token.py')],
};
const { TWCARD_TEST_CA: CA, TWCARD_TEST_ISSUER: ISSUER, TWCARD_TEST_CRL: CRL, TWCARD_STACK_DIR: STACK } = process.env;
const AUTHORITY = ['--trust', CA, '--issuer', ISSUER, '--crl', CRL];
const ENCRYPTION_CERTIFICATE = 0x0e00; // docs/cards/citizen.md

const site = useSite();

// What the page sends to the portal when its visitor signs in, and the portal's answer.
async function login() {
  const visitor = await site.visit({});
  const { page } = visitor;
  const challenge = page.waitForResponse('**/api/challenge');
  const answer = page.waitForResponse('**/api/login');
  await visitor.startLogin();
  const { nonce } = await (await challenge).json();
  const request = (await answer).request().postDataJSON();
  const { error } = await (await answer).json();
  await page.context().close();
  return { token: request.token, nonce, refusal: error?.code };
}

async function verdictOf(command, token, { origin = site.portal.origin, nonce, id = person.idNumber, authority = AUTHORITY }) {
  const [program, ...before] = command;
  const verifying = run(program, [...before, '--origin', origin, '--nonce', nonce, '--id', id, ...authority]);
  verifying.child.stdin.end(JSON.stringify(token));
  // Refused: exit status 1, with the verdict on standard output.
  const { stdout } = await verifying.catch((error) => (error.code === 1 ? error : Promise.reject(error)));
  return JSON.parse(stdout);
}

async function everyVerdict(token, expectation, verdict) {
  for (const [language, command] of Object.entries(PROGRAMS)) {
    const { verdict: given, ...holder } = await verdictOf(command, token, expectation);
    assert.equal(given, verdict, language);
    if (verdict !== 'verified') continue;
    assert.match(holder.serialNumber, /^\d{16}$/);
    assert.deepEqual(holder, { name: person.name, serialNumber: holder.serialNumber, simulated: true }, language);
  }
}

// Another card of the same person, by the same authority unless `folder` names another.
async function personalise(name, folder, ...options) {
  const file = (kind) => `${STACK}/${name}${kind}`;
  await run('twcard-sim', [
    'personalise', '--kind', 'hicos', '--name', person.name, '--id', person.idNumber, '--pin', person.pin,
    '--authority', folder, '--out', file('.json'),
    '--ca-out', file('.root.pem'), '--issuer-out', file('.issuer.pem'), '--crl-out', file('.crl.pem'), ...options,
  ]);
  return ['--trust', file('.root.pem'), '--issuer', file('.issuer.pem'), '--crl', file('.crl.pem')];
}

async function encryptionCertificate() {
  const { files } = JSON.parse(await readFile(cards.file('hicos'), 'utf8'));
  const der = Buffer.from(files['3F00/5030/08F2'], 'hex').subarray(ENCRYPTION_CERTIFICATE);
  return der.subarray(0, 4 + der.readUInt16BE(2)).toString('base64');
}

test('the token of a login is verified, for its own origin, nonce, person and authority only', async () => {
  const { token, nonce, refusal } = await login();
  assert.equal(refusal, undefined);
  await everyVerdict(token, { nonce }, 'verified');

  await everyVerdict(token, { nonce: (await login()).nonce }, 'signature_invalid');
  await everyVerdict(token, { nonce, origin: 'https://other.test:8443' }, 'signature_invalid');
  await everyVerdict(token, { nonce, id: 'F131232216' }, 'id_mismatch');
  const authority = await personalise('foreign', `${STACK}/another-authority`, '--fresh-keys');
  await everyVerdict(token, { nonce, authority }, 'certificate_untrusted');

  const signature = Buffer.from(token.signature, 'base64');
  signature[128] ^= 0x10;
  await everyVerdict({ ...token, signature: signature.toString('base64') }, { nonce }, 'signature_invalid');
  const unverifiedCertificate = await encryptionCertificate();
  await everyVerdict({ ...token, unverifiedCertificate }, { nonce }, 'certificate_usage');
});

for (const [option, verdict] of [['expired', 'certificate_expired'], ['revoked', 'certificate_revoked']]) {
  test(`the token of a card whose certificate is ${option} is refused, as the portal does`, async () => {
    const authority = await personalise(option, `${STACK}/authority`, `--${option}`);
    await run('cp', [authority.at(-1), CRL]);
    await cards.remove(0);
    await cards.insert(0, option);
    await cards.ready('hicos');
    const { token, nonce, refusal } = await login();
    assert.equal(refusal, verdict);
    await everyVerdict(token, { nonce }, verdict);
  });
}
