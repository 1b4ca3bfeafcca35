#!/usr/bin/env python3
"""Verification of a login token (docs/integrators.md), for a site to take as it is.

Needs the package `cryptography`, 38 or later (Debian 12: python3-cryptography).

As a program: the token on standard input, one line of JSON with the verdict out.

    verify_token.py --origin ORIGIN --nonce NONCE --id ID --trust PEM [--issuer PEM]... --crl PEM...

Exit status: 0 verified, 1 refused, 2 wrong usage or unreadable files.
"""
import argparse
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtensionOID, NameOID

MAX_TOKEN = 32768
MAX_CERTIFICATE_TEXT = 16384
MAX_SIGNATURE_TEXT = 1370
SIGNATURE_OCTETS = range(256, 1025)
MAX_AUTHORITIES = 4
MIN_RSA_BITS = 2048
# 2.16.886.1.100.2.51, the last four characters of the holder's ID number, as DER has it
ID_NUMBER_ENDING = bytes.fromhex("60867601640233")
HASHES = (hashes.SHA224, hashes.SHA256, hashes.SHA384, hashes.SHA512)
# What this program looks at, or has no need to; a certificate with another critical extension is refused.
KNOWN_EXTENSIONS = (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
                    ExtensionOID.CERTIFICATE_POLICIES, ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
                    ExtensionOID.CRL_DISTRIBUTION_POINTS)


class Refusal(Exception):
    """The token is refused; `verdict` is the stable name of the reason (docs/integrators.md)."""

    def __init__(self, verdict):
        super().__init__(verdict)
        self.verdict = verdict


@dataclass(frozen=True)
class Token:
    certificate: x509.Certificate
    signature: bytes


@dataclass(frozen=True)
class CardHolder:
    name: str
    serial_number: str  # stable identifier, never empty
    simulated: bool  # under a root of twcard-sim


# ---- the token ----

def parse_token(body):
    """The token from the text or octets that the page sent. Raises Refusal."""
    if len(body) > MAX_TOKEN:
        raise Refusal("token_malformed")
    try:
        token = json.loads(body if isinstance(body, str) else body.decode())
    except (ValueError, RecursionError):
        raise Refusal("token_malformed") from None
    if _text(token, "format") != "web-eid:1.0":
        raise Refusal("token_format")
    if _text(token, "algorithm") != "RS256":
        raise Refusal("token_algorithm")
    signature = _octets(token, "signature", MAX_SIGNATURE_TEXT)
    if len(signature) not in SIGNATURE_OCTETS:
        raise Refusal("token_malformed")
    der = _octets(token, "unverifiedCertificate", MAX_CERTIFICATE_TEXT)
    try:
        return Token(x509.load_der_x509_certificate(der), signature)
    except (ValueError, x509.InvalidVersion):
        raise Refusal("certificate_malformed") from None


def _text(token, name):
    if not isinstance(token, dict) or not isinstance(token.get(name), str):
        raise Refusal("token_malformed")
    return token[name]


def _octets(token, name, limit):
    text = _text(token, name)
    try:
        octets = base64.b64decode(text, validate=True) if len(text) <= limit else None
    except ValueError:
        octets = None
    # One way of writing only: no missing padding, no unused bits.
    if octets is None or base64.b64encode(octets) != text.encode():
        raise Refusal("token_malformed")
    return octets


def verify_token(token, *, origin, nonce, id_number, trust, now=None):
    """The holder. `origin` is the site's own, `nonce` the session's, as text; `now` is UTC. Raises Refusal."""
    certificate = token.certificate
    if not _is_for_signatures(certificate):
        raise Refusal("certificate_usage")
    anchor = trust.check(certificate, now or datetime.datetime.now(datetime.timezone.utc))

    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise Refusal("signature_invalid")
    signed = hashlib.sha256(origin.encode()).digest() + hashlib.sha256(nonce.encode()).digest()
    try:
        key.verify(token.signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise Refusal("signature_invalid") from None

    ending, serial_number = _id_number_ending(certificate), _subject(certificate, NameOID.SERIAL_NUMBER)
    if len(ending) != 4 or not serial_number:
        raise Refusal("certificate_profile")
    if not id_number.endswith(ending):
        raise Refusal("id_mismatch")
    simulated = _subject(anchor, NameOID.ORGANIZATION_NAME) == "twcard simulator"
    return CardHolder(_subject(certificate, NameOID.COMMON_NAME), serial_number, simulated)


# ---- whom the site trusts ----

class Trust:
    """Anchors (roots), issuing authorities and their lists of revoked certificates. Make a new one when a list changes."""

    def __init__(self, anchors, issuers, lists):
        self._anchors, self._issuers, self._lists = anchors, issuers, lists

    @classmethod
    def from_files(cls, anchors, issuers, lists):
        """PEM files; each may hold several. Raises OSError, ValueError."""
        def load(files, kind, read):
            blocks = rb"-----BEGIN " + kind + rb"-----.+?-----END " + kind + rb"-----"
            found = [re.findall(blocks, pathlib.Path(file).read_bytes(), re.DOTALL) for file in files]
            if not all(found):
                raise ValueError(f"a file has no {kind.decode()} in PEM")
            return [read(block) for blocks in found for block in blocks]
        return cls(load(anchors, b"CERTIFICATE", x509.load_pem_x509_certificate),
                   load(issuers, b"CERTIFICATE", x509.load_pem_x509_certificate),
                   load(lists, b"X509 CRL", x509.load_pem_x509_crl))

    def check(self, leaf, now):
        """The anchor above the certificate: chain, revocation, dates, in this order. Raises Refusal."""
        if not _is_strong(leaf) or _has_unknown_critical(leaf.extensions):
            raise Refusal("certificate_untrusted")
        chain = self._chain(leaf, 0, now)
        if chain is None:
            raise Refusal("certificate_untrusted")
        self._check_revocation(leaf, chain[0], now)
        not_before, not_after = _dates(leaf)
        if now < not_before:
            raise Refusal("certificate_not_yet_valid")
        if now > not_after:
            raise Refusal("certificate_expired")
        return chain[-1]

    def _chain(self, certificate, below, now):
        """The authorities above it up to an anchor; generations of an authority have one name and different keys."""
        if below == MAX_AUTHORITIES:
            return None
        for anchor in self._anchors:
            if _issued(anchor, certificate, below, now):
                return [anchor]
        for issuer in self._issuers:
            if _issued(issuer, certificate, below, now):
                above = self._chain(issuer, below + 1, now)
                if above is not None:
                    return [issuer, *above]
        return None

    def _check_revocation(self, leaf, issuer, now):
        known = False
        for revoked in self._lists:
            if revoked.issuer != issuer.subject or not _lists_revoked(issuer, revoked, now):
                continue
            known = True
            if revoked.get_revoked_certificate_by_serial_number(leaf.serial_number) is not None:
                raise Refusal("certificate_revoked")
        if not known:
            raise Refusal("revocation_unknown")


def _issued(authority, certificate, below, now):
    """Whether the authority may sign certificates now, `below` authorities under it, and has signed this one."""
    if authority.subject != certificate.issuer or not _is_authority(authority, below):
        return False
    not_before, not_after = _dates(authority)
    if not not_before <= now <= not_after:
        return False
    return _has_signed(authority, certificate, certificate.tbs_certificate_bytes)


def _lists_revoked(issuer, revoked, now):
    """Whether the list is the issuer's, is signed and in date, and is a complete one."""
    usage = _extension(issuer, x509.KeyUsage)
    if usage is not None and not usage.crl_sign:
        return False
    if any(extension.critical for extension in revoked.extensions) or revoked.next_update is None:
        return False
    if not _utc(revoked, "last_update") <= now <= _utc(revoked, "next_update"):
        return False
    return _has_signed(issuer, revoked, revoked.tbs_certlist_bytes)


# ---- certificates ----

def _is_for_signatures(certificate):
    try:
        usage, constraints = _extension(certificate, x509.KeyUsage), _extension(certificate, x509.BasicConstraints)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    return usage is not None and usage.digital_signature and not (constraints and constraints.ca)


def _is_authority(certificate, below):
    try:
        usage, constraints = _extension(certificate, x509.KeyUsage), _extension(certificate, x509.BasicConstraints)
        if not _is_strong(certificate) or _has_unknown_critical(certificate.extensions):
            return False
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        return False
    return constraints.path_length is None or constraints.path_length >= below


def _is_strong(certificate):
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= MIN_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.key_size >= 224


def _has_signed(authority, signed, message):
    key = authority.public_key()
    try:
        algorithm = signed.signature_hash_algorithm
        if not isinstance(algorithm, HASHES):
            return False
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signed.signature, message, padding.PKCS1v15(), algorithm)
        else:
            key.verify(signed.signature, message, ec.ECDSA(algorithm))
    except (InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _has_unknown_critical(extensions):
    return any(extension.critical and extension.oid not in KNOWN_EXTENSIONS for extension in extensions)


def _extension(certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _subject(certificate, oid):
    values = certificate.subject.get_attributes_for_oid(oid)
    return values[0].value if values else ""


def _dates(certificate):
    return _utc(certificate, "not_valid_before"), _utc(certificate, "not_valid_after")


def _utc(thing, field):
    """A date with its time zone; before version 42 of `cryptography` there were only dates without."""
    date = getattr(thing, field + "_utc", None)
    return date or getattr(thing, field).replace(tzinfo=datetime.timezone.utc)


def _id_number_ending(certificate):
    """Subject directory attribute 2.16.886.1.100.2.51, or an empty text."""
    try:
        attributes = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_DIRECTORY_ATTRIBUTES).value
        (_, sequence), = _der_elements(attributes.value)
        for _, attribute in _der_elements(sequence):
            (_, oid), (_, values) = _der_elements(attribute)
            if oid == ID_NUMBER_ENDING:
                (tag, text), = _der_elements(values)
                # NumericString, PrintableString, UTF8String, IA5String
                return text.decode() if tag in (0x12, 0x13, 0x0C, 0x16) else ""
    except (x509.ExtensionNotFound, ValueError, IndexError):
        pass
    return ""


def _der_elements(der):
    """(tag, content) of each element in a row (X.690). Raises ValueError, IndexError."""
    elements = []
    while der:
        length, start = der[1], 2
        if length > 0x7F:
            start = 2 + (length & 0x7F)
            length = int.from_bytes(der[2:start], "big")
        if len(der) < start + length:
            raise ValueError("truncated")
        elements.append((der[0], der[start:start + length]))
        der = der[start + length:]
    return elements


# ---- the program ----

def main():
    parser = argparse.ArgumentParser(description="Verifies a login token; docs/integrators.md")
    for name in ("origin", "nonce", "id"):
        parser.add_argument("--" + name, required=True)
    for name, required in (("trust", True), ("issuer", False), ("crl", True)):
        parser.add_argument("--" + name, action="append", required=required, default=[] if not required else None)
    given = parser.parse_args()
    try:
        trust = Trust.from_files(given.trust, given.issuer, given.crl)
    except (OSError, ValueError) as error:
        print(f"verify_token: {error}", file=sys.stderr)
        return 2
    try:
        holder = verify_token(parse_token(sys.stdin.buffer.read()), origin=given.origin, nonce=given.nonce,
                              id_number=given.id, trust=trust)
    except Refusal as refusal:
        print(json.dumps({"verdict": refusal.verdict}))
        return 1
    print(json.dumps({"verdict": "verified", "name": holder.name, "serialNumber": holder.serial_number,
                      "simulated": holder.simulated}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
