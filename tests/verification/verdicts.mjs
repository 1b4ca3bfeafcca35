// The verdicts of the Node.js example: verdicts.mjs FILE, JSON of {cases: title → case, login: {key, body, …}}; JSON of
// {verdicts: title → verdict, login: verdicts of a login and of its repetition} out.
import { createHash, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Login } from '../../examples/verification/node/login.mjs';
import { parseToken, Refusal, Trust, verifyToken } from '../../examples/verification/node/verify_token.mjs';

const one = (file) => (file ? [file] : []);
const trustIn = ({ trust, issuer, crl }) => new Trust({ anchors: one(trust), issuers: one(issuer), lists: one(crl) });

function verdict(verify) {
  try {
    const holder = verify();
    return ['verified', holder.name, holder.serialNumber, holder.simulated];
  } catch (error) {
    return [error instanceof Refusal ? error.verdict : error.stack];
  }
}

function tokenVerdict({ body, origin, nonce, id: idNumber, files }) {
  const trust = trustIn(files);
  return verdict(() => verifyToken(parseToken(body), { origin, nonce, idNumber, trust }));
}

function loginVerdicts({ key, body, origin, id, files }) {
  const login = new Login({ origin, trust: trustIn(files) });
  const hashes = [origin, login.challenge('session')].map((text) => createHash('sha256').update(text).digest());
  const signature = sign('sha256', Buffer.concat(hashes), key).toString('base64');
  const signed = JSON.stringify({ ...JSON.parse(body), signature });
  return [1, 2].map(() => verdict(() => login.signIn('session', id, signed))[0]);
}

const { cases, login } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const verdicts = Object.fromEntries(Object.entries(cases).map(([title, each]) => [title, tokenVerdict(each)]));
console.log(JSON.stringify({ verdicts, login: loginVerdicts(login) }));
