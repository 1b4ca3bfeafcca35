// A certificate with the fields that a login looks at: node:crypto for names, keys and signatures, and
// @peculiar/asn1-x509 for the extensions, which node:crypto does not show.
import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';

const MIN_RSA_BITS = 2048;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];
const ID_NUMBER_ENDING = '2.16.886.1.100.2.51';
// NumericString, PrintableString, UTF8String, IA5String
const TEXT_TAGS = [0x12, 0x13, 0x0c, 0x16];
// What this program looks at, or has no need to; a certificate with another critical extension is refused.
const KNOWN_EXTENSIONS = [
  asn1.id_ce_basicConstraints, asn1.id_ce_keyUsage, asn1.id_ce_extKeyUsage, asn1.id_ce_certificatePolicies,
  asn1.id_ce_subjectAltName, asn1.id_ce_cRLDistributionPoints,
];

export class Certificate {
  // Exactly one DER certificate. Throws for anything else.
  constructor(der) {
    this.x509 = new X509Certificate(der);
    if (!this.x509.raw.equals(der)) throw new Error('octets after the certificate');
    this.publicKey = this.x509.publicKey;
    this.tbs = AsnConvert.parse(der, asn1.Certificate).tbsCertificate;
    this.notBefore = this.tbs.validity.notBefore.getTime();
    this.notAfter = this.tbs.validity.notAfter.getTime();
    this.issuerName = encoded(this.tbs.issuer);
    this.subjectName = encoded(this.tbs.subject);
    this.serialNumber = hex(this.tbs.serialNumber);
  }

  // The first value of a type of the subject's name, or an empty text.
  subject(oid) {
    const found = this.tbs.subject.flatMap((relative) => [...relative]).find(({ type }) => type === oid);
    return found ? String(found.value) : '';
  }

  // The content of an extension, undefined when there is none. Throws when it is there twice or malformed.
  extension(oid, type) {
    const found = (this.tbs.extensions ?? []).filter(({ extnID }) => extnID === oid);
    if (found.length > 1) throw new Error('an extension is there twice');
    return found.length ? AsnConvert.parse(found[0].extnValue, type) : undefined;
  }

  get hasUnknownCritical() {
    return (this.tbs.extensions ?? []).some(({ critical, extnID }) => critical && !KNOWN_EXTENSIONS.includes(extnID));
  }

  get usage() {
    return this.extension(asn1.id_ce_keyUsage, asn1.KeyUsage)?.toNumber();
  }

  get constraints() {
    return this.extension(asn1.id_ce_basicConstraints, asn1.BasicConstraints);
  }

  // Key usage digitalSignature is there, and it is no certificate authority.
  get isForSignatures() {
    try {
      return (this.usage & asn1.KeyUsageFlags.digitalSignature) !== 0 && !this.constraints?.cA;
    } catch {
      return false;
    }
  }

  // May it sign certificates with `below` authorities under it?
  mayIssue(below) {
    try {
      const { usage, constraints } = this;
      if (!constraints?.cA || (usage !== undefined && !(usage & asn1.KeyUsageFlags.keyCertSign))) return false;
      return this.isStrong && !this.hasUnknownCritical && (constraints.pathLenConstraint ?? below) >= below;
    } catch {
      return false;
    }
  }

  get maySignLists() {
    return this.usage === undefined || (this.usage & asn1.KeyUsageFlags.cRLSign) !== 0;
  }

  // At least 112 bits of security.
  get isStrong() {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = this.publicKey;
    return type === 'rsa' ? details.modulusLength >= MIN_RSA_BITS : type === 'ec' && CURVES.includes(details.namedCurve);
  }

  // Subject directory attribute 2.16.886.1.100.2.51: the last four characters of the ID number, or an empty text.
  get idNumberEnding() {
    try {
      const attributes = this.extension(asn1.id_ce_subjectDirectoryAttributes, asn1.SubjectDirectoryAttributes) ?? [];
      const values = attributes.find(({ type }) => type === ID_NUMBER_ENDING)?.values ?? [];
      const [tag, length, ...text] = Buffer.from(values[0] ?? []);
      const isText = values.length === 1 && TEXT_TAGS.includes(tag) && length === text.length;
      return isText ? Buffer.from(text).toString('utf8') : '';
    } catch {
      return '';
    }
  }
}

export const hex = (octets) => Buffer.from(octets).toString('hex');
export const encoded = (value) => hex(AsnConvert.serialize(value));
