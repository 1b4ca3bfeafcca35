// What a site does with the answers of the NHIICC component: the insurer's signature, and the two ciphers
// (docs/service-protocol.md, "Old local protocols"; docs/simulator.md, "The authentication site").
import { createDecipheriv, createHash, createVerify } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const MS_OF_A_DAY = 86_400_000;

// Today and yesterday, by the local clock: a test may run over midnight.
const days = () => [0, 1].map((ago) => {
  const day = new Date(Date.now() - ago * MS_OF_A_DAY);
  const two = (number) => String(number).padStart(2, '0');
  return { year: String(day.getFullYear()), month: two(day.getMonth() + 1), date: two(day.getDate()) };
});

// Of each block of eight the last octet is a random one. Single DES is triple DES with one key three times.
function withoutRandom(key, cipher) {
  const decipher = createDecipheriv('des-ede3', key, null).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(cipher), decipher.final()]);
  return plain.filter((_, at) => at % 8 !== 7);
}

// Whether the insurer's simulated site has signed `version` and `random` for the card.
export async function isSigned({ card_no: card, version, random, sign }) {
  const key = await readFile(process.env.TWCARD_TEST_SITE_KEY);
  return createVerify('SHA256').update(card + version + random).verify(key, sign, 'hex');
}

// What EnCrypt was given, whole blocks with the padding taken off; nothing when it is for another card or day.
export async function passwordIn(hex, card) {
  const profile = JSON.parse(await readFile(process.env.TWCARD_TEST_SITE_PROFILE, 'utf8'));
  const inner = withoutRandom(Buffer.from(profile.password_key, 'hex'), Buffer.from(hex, 'hex'));
  for (const { year, month, date } of days()) {
    const digest = createHash('sha1').update(card + year + month + date).digest();
    const key = Buffer.concat([digest, Buffer.from(profile.password_suffix, 'hex')]);
    try {
      const decipher = createDecipheriv('des-ede3', key, null);
      return decipher.update(inner.subarray(0, inner.length - inner.length % 8), null, 'latin1') + decipher.final('latin1');
    } catch {
      // The padding is wrong: not this day's key.
    }
  }
  return null;
}

// The card's record in GetEncryptBasic; the name is Big5.
export function basicIn(hex) {
  const texts = days().map(({ year, month, date }) =>
    withoutRandom(Buffer.from((month + date + year).repeat(3)), Buffer.from(hex, 'hex')));
  return texts.map((octets) => new TextDecoder('big5').decode(octets).replace(/\0+$/, ''))
    .find((text) => /^\d{12},/.test(text));
}
