"""Tokens, good and bad, with the verdict that every implementation has to give. Made again for each run."""
import json
import pathlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from authority import (Authority, DAY, DER, ISSUER_NAME, PEM, ROOT_NAME, ec_key, name, rsa_key, sign_login, token_of)

ORIGIN = "https://page.test:8443"
NONCE = "dGhpcnR5LXR3byBvY3RldHMgb2Ygb25lIG5vbmNlISE="
ID = "A123456789"
BETWEEN_NAME = name((x509.NameOID.COUNTRY_NAME, "TW"), (x509.NameOID.ORGANIZATION_NAME, "an authority between"))


@dataclass
class Case:
    verdict: str
    body: str
    files: dict
    origin: str = ORIGIN
    nonce: str = NONCE
    id: str = ID
    simulated: bool = True


class Cases:
    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._count = 0
        self.all = {}
        self.key = rsa_key()
        self.root = Authority(ROOT_NAME, rsa_key())
        self.issuer = Authority(ISSUER_NAME, rsa_key(), self.root, path_length=0)
        self.good_list = self.issuer.revocation_list()
        self.files = self._write([self.root], [self.issuer], [self.good_list])
        self.certificate = self.issuer.issue(self.key)
        self.token = token_of(self.certificate, sign_login(self.key, ORIGIN, NONCE))
        for make in (self._logins, self._signatures, self._texts, self._members, self._certificates, self._chains,
                     self._lists, self._profiles):
            make()

    def _write(self, anchors, issuers, lists):
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        files = {}
        for kind, things in (("trust", [each.certificate for each in anchors]),
                             ("issuer", [each.certificate for each in issuers]), ("crl", lists)):
            file = folder / f"{kind}.pem"
            file.write_bytes(b"".join(each.public_bytes(PEM) for each in things))
            files[kind] = str(file) if things else None
        return files

    def _add(self, title, verdict, token=None, files=None, **more):
        body = token if isinstance(token, str) else json.dumps(self.token if token is None else token)
        assert title not in self.all, title
        self.all[title] = Case(verdict, body, files or self.files, **more)

    def _issued(self, key=None, signer=None, **fault):
        """A token of a card whose certificate has the fault."""
        key = key or self.key
        return token_of((signer or self.issuer).issue(key, **fault), sign_login(key, ORIGIN, NONCE))

    def _logins(self):
        self._add("good", "verified")
        self._add("later members are ignored", "verified", {**self.token, "unverifiedSigningCertificates": [{}]})
        self._add("no appVersion", "verified", {k: v for k, v in self.token.items() if k != "appVersion"})
        self._add("another nonce", "signature_invalid", nonce=NONCE.replace("dGhp", "dGhq"))
        for title, origin in (("another host", "https://evil.test:8443"), ("another port", "https://page.test"),
                              ("another scheme", "http://page.test:8443"), ("a slash", ORIGIN + "/")):
            self._add(f"origin with {title}", "signature_invalid", origin=origin)
        self._add("ID of somebody else", "id_mismatch", id="F131232216")

    def _signatures(self):
        signature = sign_login(self.key, ORIGIN, NONCE)
        for position in (0, 100, 255):
            flipped = bytearray(signature)
            flipped[position] ^= 1
            self._add(f"signature, bit of octet {position}", "signature_invalid",
                      token_of(self.certificate, bytes(flipped)))
        swapped = sign_login(self.key, NONCE, ORIGIN)
        self._add("signature over nonce, then origin", "signature_invalid", token_of(self.certificate, swapped))
        self._add("signature of another key", "signature_invalid",
                  token_of(self.certificate, sign_login(rsa_key(), ORIGIN, NONCE)))
        self._add("signature of 257 octets", "signature_invalid", token_of(self.certificate, b"\0" + signature))
        for size in (0, 255, 1025):
            self._add(f"signature of {size} octets", "token_malformed", token_of(self.certificate, bytes(size)))

    def _texts(self):
        text = json.dumps(self.token)
        for title, body in (("empty", ""), ("cut off", text[:-1]), ("two objects", text + text), ("null", "null"),
                            ("a list", f"[{text}]"), ("a text", '"web-eid:1.0"'), ("an empty object", "{}"),
                            ("a comma at the end", text[:-1] + ",}"), ("depth", "[" * 20000),
                            ("oversized", text + " " * 32768)):
            self._add(f"JSON, {title}", "token_malformed", body)

    def _members(self):
        for member in ("unverifiedCertificate", "algorithm", "signature", "format"):
            self._add(f"{member} is missing", "token_malformed", {k: v for k, v in self.token.items() if k != member})
            for wrong in (None, 7, [], {}, [self.token[member]]):
                self._add(f"{member} is {json.dumps(wrong)[:6]}", "token_malformed", {**self.token, member: wrong})
        for format_name in ("web-eid:1", "web-eid:1.1", "web-eid:2.0", "WEB-EID:1.0", ""):
            self._add(f"format '{format_name}'", "token_format", {**self.token, "format": format_name})
        for algorithm in ("none", "HS256", "RS384", "PS256", "ES256", "rs256", ""):
            self._add(f"algorithm '{algorithm}'", "token_algorithm", {**self.token, "algorithm": algorithm})
        for member in ("unverifiedCertificate", "signature"):
            value = self.token[member]
            for title, wrong in (("without its first character", value[1:]), ("with a line break", value + "\n"),
                                 ("with a space", " " + value), ("with another alphabet", "-" + value[1:]),
                                 ("without padding", value.rstrip("=") + ("" if "=" in value else "A")),
                                 ("of other characters", "王" * 400), ("oversized", "A" * 16388)):
                self._add(f"{member} {title}", "token_malformed", {**self.token, member: wrong})
        self._add("signature with unused bits", "token_malformed",
                  {**self.token, "signature": _with_unused_bits(self.token["signature"])})

    def _certificates(self):
        der = self.certificate.public_bytes(DER)
        signature = sign_login(self.key, ORIGIN, NONCE)
        for title, wrong in (("empty", b""), ("zeros", bytes(900)), ("cut off", der[:-1]), ("octets behind", der + b"\0"),
                             ("two", der + der), ("no certificate", self.good_list.public_bytes(DER))):
            self._add(f"certificate, {title}", "certificate_malformed", token_of(wrong, signature))
        self._add("encryption certificate", "certificate_usage",
                  self._issued(usage=("key_encipherment", "data_encipherment")))
        self._add("certificate for contracts only", "certificate_usage", self._issued(usage=("content_commitment",)))
        self._add("no key usage", "certificate_usage", self._issued(usage=None))
        self._add("an authority's certificate", "certificate_usage", self._issued(ca=True))
        self._add("basic constraints, no authority", "verified", self._issued(ca=False))
        self._add("expired", "certificate_expired", self._issued(starts=-9 * DAY, ends=-DAY))
        self._add("not yet valid", "certificate_not_yet_valid", self._issued(starts=DAY, ends=9 * DAY))
        self._add("key of 1024 bits", "certificate_untrusted",
                  token_of(self.issuer.issue(rsa_key(1024)), bytes(256)))
        self._add("key on a curve", "signature_invalid", token_of(self.issuer.issue(ec_key()), bytes(256)))
        client = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
        self._add("extended key usage clientAuth", "verified", self._issued(extra=[client]))
        unknown = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
        self._add("signed with SHA-1", "certificate_untrusted", self._issued(digest=hashes.SHA1()))
        self._add("unknown extension", "verified", self._issued(extra=[(unknown, False)]))
        self._add("unknown critical extension", "certificate_untrusted", self._issued(extra=[(unknown, True)]))

    def _chains(self):
        def under(title, verdict, anchors, issuers, signer, lists=None, **more):
            files = self._write(anchors, issuers, [(lists or signer).revocation_list()])
            self._add(title, verdict, self._issued(signer=signer), files, **more)

        foreign_root = Authority(name(*((each.oid, each.value) for each in ROOT_NAME)), ec_key())
        foreign = Authority(ISSUER_NAME, ec_key(), foreign_root)
        under("foreign chain of our names", "certificate_untrusted", [self.root], [self.issuer], foreign, self.issuer)
        under("foreign issuer under our root's name", "certificate_untrusted", [self.root], [foreign], foreign)
        self._add("signed by the card itself", "certificate_untrusted", self._issued(signer_key=self.key))
        under("issuer is the anchor", "verified", [self.issuer], [], self.issuer, simulated=False)
        under("issuer is missing", "certificate_untrusted", [self.root], [], self.issuer)
        under("an issuer on a curve", "verified", [foreign_root], [foreign], foreign)
        middle = Authority(BETWEEN_NAME, ec_key(), self.root)
        lower = Authority(ISSUER_NAME, self.issuer.key, middle)
        under("two authorities below the root", "verified", [self.root], [lower, middle], lower)
        narrow = Authority(BETWEEN_NAME, ec_key(), self.root, path_length=0)
        under("authority that allows none below it", "certificate_untrusted", [self.root],
              [narrow, Authority(ISSUER_NAME, self.issuer.key, narrow)], self.issuer)
        for title, fault in (("is no authority", {"ca": False}), ("may not sign certificates", {"usage": ("crl_sign",)}),
                             ("has expired", {"ends": -DAY}), ("is not yet valid", {"starts": DAY}),
                             ("was signed with SHA-1", {"digest": hashes.SHA1()})):
            bad = Authority(ISSUER_NAME, self.issuer.key, self.root, **fault)
            under(f"issuer that {title}", "certificate_untrusted", [self.root], [bad], bad)
        weak = Authority(ISSUER_NAME, rsa_key(1024), self.root)
        under("issuer with a key of 1024 bits", "certificate_untrusted", [self.root], [weak], weak)
        # Generations of an authority have the same name; each has keys and a list of its own.
        younger = Authority(ISSUER_NAME, rsa_key(3072), self.root, path_length=0)
        both = self._write([self.root], [self.issuer, younger], [self.good_list, younger.revocation_list()])
        self._add("older of two generations", "verified", files=both)
        self._add("younger of two generations", "verified", self._issued(signer=younger), both)
        only_older = self._write([self.root], [self.issuer, younger], [self.good_list])
        self._add("list of the other generation", "revocation_unknown", self._issued(signer=younger), only_older)

    def _lists(self):
        def listed(title, verdict, *lists):
            self._add(title, verdict, files=self._write([self.root], [self.issuer], list(lists)))

        other = self.issuer.issue(self.key)
        listed("revoked", "certificate_revoked", self.issuer.revocation_list(other, self.certificate))
        listed("another one is revoked", "verified", self.issuer.revocation_list(other))
        listed("list has expired", "revocation_unknown", self.issuer.revocation_list(starts=-9 * DAY, ends=-DAY))
        listed("list is not yet valid", "revocation_unknown", self.issuer.revocation_list(starts=DAY))
        listed("list signed by another", "revocation_unknown", self.issuer.revocation_list(signer_key=self.root.key))
        listed("list of the root only", "revocation_unknown", self.root.revocation_list())
        unknown = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
        listed("list with an unknown critical extension", "revocation_unknown",
               self.issuer.revocation_list(extra=[(unknown, True)]))
        silent = Authority(ISSUER_NAME, self.issuer.key, self.root, usage=("key_cert_sign",))
        self._add("issuer that may not sign lists", "revocation_unknown",
                  files=self._write([self.root], [silent], [self.good_list]))

    def _profiles(self):
        self._add("no ending of an ID", "certificate_profile", self._issued(ending=None))
        for ending in ("", "9", "789", "56789"):
            self._add(f"ending '{ending}'", "certificate_profile", self._issued(ending=ending))
        self._add("ending in UTF-8", "verified", self._issued(ending_tag=0x0C))
        self._add("ending in octets", "certificate_profile", self._issued(ending_tag=0x04))
        self._add("another ending", "id_mismatch", self._issued(ending="6788"))
        self._add("no serial number of the subject", "certificate_profile", self._issued(serial_number=None))


def _with_unused_bits(text):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-3] + alphabet[alphabet.index(text[-3]) | 1] + "=="
