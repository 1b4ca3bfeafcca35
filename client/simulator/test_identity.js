// An invented person's certificate under an authority of its own, made for each simulator: no key is ever stored.
import {
  bitString, explicit, implicit, integer, NULL, octetString, oid, printableString, sequence, set, smallInteger, time, TRUE,
  utf8String,
} from './der.js';

const RSA_SHA256 = sequence(oid('1.2.840.113549.1.1.11'), NULL);
const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256',
};
const DAY_MS = 24 * 60 * 60 * 1000;
// The serial number of a subject that no certificate authority gives out.
const SUBJECT_SERIAL = '0000000099990000';

const attribute = (type, value) => set(sequence(oid(type), value));
const country = attribute('2.5.4.6', printableString('TW'));
// twcard-portal marks what is signed under this organisation as simulated.
const AUTHORITY = sequence(
  country,
  attribute('2.5.4.10', utf8String('twcard simulator')),
  attribute('2.5.4.11', utf8String('Test authority of the page-side simulator')),
);
const extension = (type, value, critical) =>
  sequence(oid(type), ...(critical ? [TRUE] : []), octetString(value));
const keyUsage = (octet, unused) => extension('2.5.29.15', bitString(new Uint8Array([octet]), unused), true);

// The last four characters of the ID number, as in citizen certificates (docs/cards/citizen.md).
const idNumberEnding = (idNumber) => extension('2.5.29.9', sequence(
  sequence(oid('2.16.886.1.100.2.1'), set(oid('2.16.886.1.100.3.1.1'))),
  sequence(oid('2.16.886.1.100.2.51'), set(printableString(idNumber.slice(-4)))),
));

export const toBase64 = (octets) => btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(''));

const toPem = (label, der) => {
  const lines = toBase64(der).match(/.{1,64}/g).join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

const keyIdentifier = async (key) => new Uint8Array(await crypto.subtle.digest('SHA-256', key)).subarray(0, 20);
const subjectKey = (identifier) => extension('2.5.29.14', octetString(identifier));
const authorityKey = (identifier) => extension('2.5.29.35', sequence(implicit(0, identifier)));

const newKey = () => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
const publicOctets = async (key) => new Uint8Array(await crypto.subtle.exportKey('spki', key));

async function signed(content, key) {
  const signature = await crypto.subtle.sign(ALGORITHM.name, key, content);
  return sequence(content, RSA_SHA256, bitString(new Uint8Array(signature)));
}

function certificate({ subject, key, extensions, notBefore, notAfter }, signer) {
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = 0x40 | (serial[0] & 0x3f);
  return signed(sequence(
    explicit(0, smallInteger(2)), integer(serial), RSA_SHA256, AUTHORITY, sequence(time(notBefore), time(notAfter)),
    subject, key, explicit(3, sequence(...extensions)),
  ), signer);
}

// The insurer's authentication site: 1024 bits, since its signature is 256 hexadecimal digits.
// {publicKey: PEM, sign(octets): hexadecimal digits}
export async function makeTestInsurer() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey({ ...ALGORITHM, modulusLength: 1024 }, false, ['sign', 'verify']);
  return {
    publicKey: toPem('PUBLIC KEY', await publicOctets(publicKey)),
    async sign(octets) {
      const signature = new Uint8Array(await crypto.subtle.sign(ALGORITHM.name, privateKey, octets));
      return Array.from(signature, (octet) => octet.toString(16).padStart(2, '0')).join('').toUpperCase();
    },
  };
}

// {certificate: DER octets, rootCertificate, revocationList: PEM, sign(octets): signature octets}
export async function makeTestIdentity({ name, idNumber }) {
  const now = Date.now();
  const dates = { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + 365 * DAY_MS) };
  const [authority, holder] = await Promise.all([newKey(), newKey()]);
  const [authorityOctets, holderOctets] = await Promise.all([authority, holder].map(({ publicKey }) => publicOctets(publicKey)));
  const identifier = await keyIdentifier(authorityOctets);
  const root = await certificate({
    subject: AUTHORITY,
    key: authorityOctets,
    extensions: [extension('2.5.29.19', sequence(TRUE), true), keyUsage(0x06, 1), subjectKey(identifier)],
    ...dates,
  }, authority.privateKey);
  const own = await certificate({
    subject: sequence(country, attribute('2.5.4.3', utf8String(name)), attribute('2.5.4.5', printableString(SUBJECT_SERIAL))),
    key: holderOctets,
    extensions: [
      keyUsage(0x80, 7), subjectKey(await keyIdentifier(holderOctets)), authorityKey(identifier), idNumberEnding(idNumber),
    ],
    ...dates,
  }, authority.privateKey);
  const revocations = await signed(
    sequence(smallInteger(1), RSA_SHA256, AUTHORITY, time(dates.notBefore), time(dates.notAfter)), authority.privateKey,
  );
  return {
    certificate: own,
    subject: `CN=${name}, serialNumber=${SUBJECT_SERIAL}, C=TW`,
    notBefore: dates.notBefore.toISOString(),
    notAfter: dates.notAfter.toISOString(),
    rootCertificate: toPem('CERTIFICATE', root),
    revocationList: toPem('X509 CRL', revocations),
    privateKey: holder.privateKey,
  };
}

// DigestInfo before the hash (RFC 8017, 9.2 note 1), and the octets of the hash.
export const HASH_FUNCTIONS = {
  'SHA-256': { octets: 32, oid: '2.16.840.1.101.3.4.2.1' },
  'SHA-384': { octets: 48, oid: '2.16.840.1.101.3.4.2.2' },
  'SHA-512': { octets: 64, oid: '2.16.840.1.101.3.4.2.3' },
};

const numberOf = (octets) => BigInt(`0x${Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('')}`);
const fromBase64Url = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

// RSASSA-PKCS1-v1_5 of a hash (RFC 8017, 8.2.1). WebCrypto signs messages only, so the power is taken here; it is not
// constant in time, which a test key does not need.
export async function signHash({ privateKey }, hash, hashFunction) {
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  const [modulus, exponent] = [jwk.n, jwk.d].map((part) => numberOf(fromBase64Url(part)));
  const size = ALGORITHM.modulusLength / 8;
  const info = sequence(sequence(oid(HASH_FUNCTIONS[hashFunction].oid), NULL), octetString(hash));
  const block = new Uint8Array(size).fill(0xff);
  block.set([0x00, 0x01]);
  block.set([0x00], size - info.length - 1);
  block.set(info, size - info.length);
  let result = 1n;
  let power = numberOf(block);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * power) % modulus;
    power = (power * power) % modulus;
  }
  const hex = result.toString(16).padStart(size * 2, '0');
  return Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
}
