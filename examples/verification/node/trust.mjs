// Whom a site trusts: anchors (roots), issuing authorities, and their lists of revoked certificates.
import { verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';
import { Certificate, encoded, hex } from './certificate.mjs';
import { Refusal } from './refusal.mjs';

const MAX_AUTHORITIES = 4;
const MAX_CERTIFICATE = 16_384;
const DIGESTS = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'], ['1.2.840.113549.1.1.12', 'sha384'], ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'], ['1.2.840.10045.4.3.3', 'sha384'], ['1.2.840.10045.4.3.4', 'sha512'],
]);

// Throws Refusal.
export function parseCertificate(der) {
  if (der.length === 0 || der.length > MAX_CERTIFICATE) throw new Refusal('certificate_malformed');
  try {
    return new Certificate(der);
  } catch {
    throw new Refusal('certificate_malformed');
  }
}

class RevocationList {
  constructor(der) {
    const list = AsnConvert.parse(der, CertificateList);
    const { tbsCertList: tbs } = list;
    this.issuerName = encoded(tbs.issuer);
    this.thisUpdate = tbs.thisUpdate.getTime();
    this.nextUpdate = tbs.nextUpdate?.getTime();
    this.isComplete = !(tbs.crlExtensions ?? []).some(({ critical }) => critical);
    this.serialNumbers = new Set((tbs.revokedCertificates ?? []).map(({ userCertificate }) => hex(userCertificate)));
    this.signed = {
      digest: DIGESTS.get(list.signatureAlgorithm.algorithm),
      message: Buffer.from(list.tbsCertListRaw),
      signature: Buffer.from(list.signature),
    };
  }

  isGood(issuer, now) {
    if (!issuer.maySignLists || !this.isComplete || !this.nextUpdate) return false;
    if (now < this.thisUpdate || now > this.nextUpdate) return false;
    const { digest, message, signature } = this.signed;
    return digest !== undefined && verify(digest, message, issuer.publicKey, signature);
  }
}

// Whether the authority may sign certificates now, `below` authorities under it, and has signed this one.
function issued(authority, certificate, below, now) {
  if (authority.subjectName !== certificate.issuerName || !authority.mayIssue(below)) return false;
  if (now < authority.notBefore || now > authority.notAfter) return false;
  return DIGESTS.has(certificate.tbs.signature.algorithm) && certificate.x509.verify(authority.publicKey);
}

function pemObjects(files, kind, make) {
  const block = new RegExp(`-----BEGIN ${kind}-----([^-]+)-----END ${kind}-----`, 'g');
  return files.flatMap((file) => {
    const found = [...readFileSync(file, 'latin1').matchAll(block)];
    if (found.length === 0) throw new Error(`${file} has no ${kind} in PEM`);
    return found.map(([, text]) => make(Buffer.from(text, 'base64')));
  });
}

// Make a new one when a list changes: reading a list of a hundred thousand entries takes seconds, a login milliseconds.
export class Trust {
  #anchors;
  #issuers;
  #lists;

  // PEM files; each may hold several. Throws Error, Refusal.
  constructor({ anchors, issuers = [], lists }) {
    this.#anchors = pemObjects(anchors, 'CERTIFICATE', parseCertificate);
    this.#issuers = pemObjects(issuers, 'CERTIFICATE', parseCertificate);
    this.#lists = pemObjects(lists, 'X509 CRL', (der) => new RevocationList(der));
  }

  // The anchor above the certificate: chain, revocation, dates, in this order. Throws Refusal.
  check(leaf, now) {
    const chain = leaf.isStrong && !leaf.hasUnknownCritical && this.#chain(leaf, 0, now);
    if (!chain) throw new Refusal('certificate_untrusted');
    this.#checkRevocation(leaf, chain[0], now);
    if (now < leaf.notBefore) throw new Refusal('certificate_not_yet_valid');
    if (now > leaf.notAfter) throw new Refusal('certificate_expired');
    return chain.at(-1);
  }

  // The authorities above it up to an anchor; generations of an authority have one name and different keys.
  #chain(certificate, below, now) {
    if (below === MAX_AUTHORITIES) return undefined;
    const anchor = this.#anchors.find((authority) => issued(authority, certificate, below, now));
    if (anchor) return [anchor];
    for (const issuer of this.#issuers) {
      const above = issued(issuer, certificate, below, now) && this.#chain(issuer, below + 1, now);
      if (above) return [issuer, ...above];
    }
    return undefined;
  }

  #checkRevocation(leaf, issuer, now) {
    const lists = this.#lists.filter((list) => list.issuerName === issuer.subjectName && list.isGood(issuer, now));
    if (lists.length === 0) throw new Refusal('revocation_unknown');
    if (lists.some(({ serialNumbers }) => serialNumbers.has(leaf.serialNumber))) throw new Refusal('certificate_revoked');
  }
}
