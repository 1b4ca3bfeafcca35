// The token on standard input, one line of JSON with the verdict out.
//
//   node main.mjs --origin ORIGIN --nonce NONCE --id ID --trust PEM [--issuer PEM]… --crl PEM…
//
// Exit status: 0 verified, 1 refused, 2 wrong usage or unreadable files.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseToken, Refusal, Trust, verifyToken } from './verify_token.mjs';

function run() {
  const text = { type: 'string' };
  const files = { type: 'string', multiple: true };
  const { values } = parseArgs({ options: { origin: text, nonce: text, id: text, trust: files, issuer: files, crl: files } });
  const { origin, nonce, id: idNumber } = values;
  if (!origin || !nonce || !idNumber || !values.trust || !values.crl) {
    throw new Error('--origin, --nonce, --id, --trust and --crl are needed');
  }
  const trust = new Trust({ anchors: values.trust, issuers: values.issuer, lists: values.crl });
  try {
    const token = parseToken(readFileSync(0, 'utf8'));
    console.log(JSON.stringify({ verdict: 'verified', ...verifyToken(token, { origin, nonce, idNumber, trust }) }));
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.log(JSON.stringify({ verdict: error.verdict }));
    return 1;
  }
}

try {
  process.exitCode = run();
} catch (error) {
  console.error(`verify_token: ${error.message}`);
  process.exitCode = 2;
}
