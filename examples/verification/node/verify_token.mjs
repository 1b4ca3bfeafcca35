// Verification of a login token (docs/integrators.md), for a site to take as it is. Node.js 20 or later.
import { createHash, verify } from 'node:crypto';
import { parseCertificate, Trust } from './trust.mjs';
import { Refusal } from './refusal.mjs';

export { Refusal, Trust };

const MAX_TOKEN = 32_768;
const MAX_CERTIFICATE_TEXT = 16_384;
const MAX_SIGNATURE_TEXT = 1_370;
const SIMULATOR = 'twcard simulator';

const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest();

function textMember(token, name) {
  const value = token?.[name];
  if (typeof value !== 'string' || Array.isArray(token)) throw new Refusal('token_malformed');
  return value;
}

// One way of writing only: no missing padding, no unused bits, no other alphabet.
function octetsMember(token, name, limit) {
  const text = textMember(token, name);
  const octets = text.length <= limit ? Buffer.from(text, 'base64') : Buffer.alloc(0);
  if (octets.toString('base64') !== text) throw new Refusal('token_malformed');
  return octets;
}

// The token from the text that the page sent. Throws Refusal.
export function parseToken(body) {
  let token;
  if (Buffer.byteLength(body) > MAX_TOKEN) throw new Refusal('token_malformed');
  try {
    token = JSON.parse(body);
  } catch {
    throw new Refusal('token_malformed');
  }
  if (textMember(token, 'format') !== 'web-eid:1.0') throw new Refusal('token_format');
  if (textMember(token, 'algorithm') !== 'RS256') throw new Refusal('token_algorithm');
  const signature = octetsMember(token, 'signature', MAX_SIGNATURE_TEXT);
  if (signature.length < 256 || signature.length > 1024) throw new Refusal('token_malformed');
  const certificate = parseCertificate(octetsMember(token, 'unverifiedCertificate', MAX_CERTIFICATE_TEXT));
  return { certificate, signature };
}

// The holder: {name, serialNumber, simulated}. `origin` is the site's own, `nonce` the session's, as text. Throws
// Refusal. Checks in this order: usage, chain with revocation and dates, signature, profile, ID number.
export function verifyToken({ certificate, signature }, { origin, nonce, idNumber, trust, now = new Date() }) {
  if (!certificate.isForSignatures) throw new Refusal('certificate_usage');
  const anchor = trust.check(certificate, now);

  const signed = Buffer.concat([sha256(origin), sha256(nonce)]);
  if (certificate.publicKey.asymmetricKeyType !== 'rsa' || !verify('sha256', signed, certificate.publicKey, signature)) {
    throw new Refusal('signature_invalid');
  }
  const { idNumberEnding } = certificate;
  const serialNumber = certificate.subject('2.5.4.5');
  if (idNumberEnding.length !== 4 || !serialNumber) throw new Refusal('certificate_profile');
  if (!idNumber.endsWith(idNumberEnding)) throw new Refusal('id_mismatch');
  return { name: certificate.subject('2.5.4.3'), serialNumber, simulated: anchor.subject('2.5.4.10') === SIMULATOR };
}
