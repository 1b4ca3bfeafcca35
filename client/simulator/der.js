// The DER that test certificates are made of (ITU-T X.690). Everything is octets in, octets out.

export const concat = (...parts) => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const length = (size) => {
  if (size < 0x80) return [size];
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
};

const tagged = (tag) => (...parts) => {
  const content = concat(...parts);
  return concat(new Uint8Array([tag, ...length(content.length)]), content);
};
const text = (tag) => (value) => tagged(tag)(new TextEncoder().encode(value));

export const sequence = tagged(0x30);
export const set = tagged(0x31);
export const octetString = tagged(0x04);
export const explicit = (number, ...parts) => tagged(0xa0 + number)(...parts);
export const implicit = (number, ...parts) => tagged(0x80 + number)(...parts);
export const utf8String = text(0x0c);
export const printableString = text(0x13);
export const TRUE = new Uint8Array([0x01, 0x01, 0xff]);
export const NULL = new Uint8Array([0x05, 0x00]);

// A positive number; big-endian octets.
export const integer = (octets) => tagged(0x02)(octets[0] & 0x80 ? new Uint8Array([0]) : new Uint8Array(), octets);
export const smallInteger = (value) => integer(new Uint8Array([value]));

// `unused`: bits of the last octet that do not count.
export const bitString = (octets, unused = 0) => tagged(0x03)(new Uint8Array([unused]), octets);

export const oid = (dotted) => {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return tagged(0x06)(new Uint8Array(octets));
};

// UTCTime up to 2049, as RFC 5280 4.1.2.5 wants it.
export const time = (date) => text(0x17)(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`);
