"""A root, issuing authorities and cards' certificates made for the test, with every fault that a case asks for."""
import base64
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
SUBJECT_DIRECTORY_ATTRIBUTES = ObjectIdentifier("2.5.29.9")
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def ec_key(curve=None):
    return ec.generate_private_key(curve or ec.SECP384R1())


def name(*entries):
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in entries])


def key_usage(*names):
    all_names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{each: each in names for each in all_names})


# An authority of the simulated cards' shape (docs/cards/citizen.md).
ROOT_NAME = name((NameOID.COUNTRY_NAME, "TW"), (NameOID.ORGANIZATION_NAME, "twcard simulator"))
ISSUER_NAME = name((NameOID.COUNTRY_NAME, "TW"), (NameOID.ORGANIZATION_NAME, "行政院"),
                   (NameOID.ORGANIZATIONAL_UNIT_NAME, "內政部憑證管理中心"))


class Authority:
    """Signs whatever it is asked to. `signer`: the authority above, None for a root."""

    def __init__(self, subject, key, signer=None, *, ca=True, path_length=None, usage=("key_cert_sign", "crl_sign"),
                 starts=-10 * DAY, ends=100 * DAY, digest=None):
        self.subject, self.key = subject, key
        issuer, issuer_key = (signer.subject, signer.key) if signer else (subject, key)
        builder = _builder(subject, key, issuer, starts, ends)
        builder = builder.add_extension(x509.BasicConstraints(ca, path_length if ca else None), critical=True)
        if usage is not None:
            builder = builder.add_extension(key_usage(*usage), critical=True)
        self.certificate = _with_identifiers(builder, key, issuer_key).sign(issuer_key, digest or hashes.SHA256())

    def issue(self, key, *, subject_name="王小明", serial_number="0000111122223333", ending="6789", ending_tag=0x13,
              usage=("digital_signature",), ca=None, starts=-DAY, ends=50 * DAY, extra=(), digest=None, signer_key=None):
        """A card's certificate; the defaults make a good one of an invented person, A123456789."""
        entries = [(NameOID.COUNTRY_NAME, "TW"), (NameOID.COMMON_NAME, subject_name)]
        if serial_number:
            entries.append((NameOID.SERIAL_NUMBER, serial_number))
        builder = _builder(name(*entries), key, self.subject, starts, ends)
        if usage is not None:
            builder = builder.add_extension(key_usage(*usage), critical=True)
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
        if ending is not None:
            attributes = _directory_attributes(ending, ending_tag)
            builder = builder.add_extension(
                x509.UnrecognizedExtension(SUBJECT_DIRECTORY_ATTRIBUTES, attributes), critical=False)
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical)
        builder = _with_identifiers(builder, key, self.key)
        return builder.sign(signer_key or self.key, digest or hashes.SHA256())

    def revocation_list(self, *revoked, starts=-DAY, ends=7 * DAY, signer_key=None, extra=()):
        builder = (x509.CertificateRevocationListBuilder().issuer_name(self.subject)
                   .last_update(NOW + starts).next_update(NOW + ends)
                   .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), False))
        for certificate in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
                .revocation_date(NOW + starts).build())
        for extension, critical in extra:
            builder = builder.add_extension(extension, critical)
        return builder.sign(signer_key or self.key, hashes.SHA256())


def _builder(subject, key, issuer, starts, ends):
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(NOW + starts).not_valid_after(NOW + ends))


def _with_identifiers(builder, key, issuer_key):
    return (builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))


def _directory_attributes(ending, tag):
    """Subject type citizen and 2.16.886.1.100.2.51, in DER by hand (X.690)."""
    def element(kind, *parts):
        content = b"".join(parts)
        return bytes([kind, len(content)]) + content
    subject_type = element(0x30, element(0x06, bytes.fromhex("60867601640201")),
                           element(0x31, element(0x06, bytes.fromhex("6086760164030101"))))
    last_four = element(0x30, element(0x06, bytes.fromhex("60867601640233")),
                        element(0x31, element(tag, ending.encode())))
    return element(0x30, subject_type, last_four)


def sign_login(key, origin, nonce):
    """What a card signs: RSASSA-PKCS1-v1_5 or, for a key that no such card has, ECDSA (docs/protocol.md)."""
    message = hashlib.sha256(origin.encode()).digest() + hashlib.sha256(nonce.encode()).digest()
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


def base64_of(octets):
    return base64.b64encode(octets).decode()


def token_of(certificate, signature):
    """The token as twcard-web gives it to a page; `certificate` may be octets."""
    der = certificate if isinstance(certificate, bytes) else certificate.public_bytes(DER)
    return {"unverifiedCertificate": base64_of(der), "algorithm": "RS256", "signature": base64_of(signature),
            "format": "web-eid:1.0", "appVersion": "twcard/0.1.0"}
