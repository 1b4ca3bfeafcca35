"""What Web eID's rules for Java say of our token, and what in a certificate decides: run_rules.py SOURCE_DIR JAVA"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE, JAVA = pathlib.Path(sys.argv[1]), sys.argv[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "tests/verification"))

from cryptography import x509  # noqa: E402
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier  # noqa: E402

from authority import Authority, DAY, ISSUER_NAME, PEM, ROOT_NAME, rsa_key, sign_login, token_of  # noqa: E402

ORIGIN, NONCE = "https://page.test:8443", "dGhpcnR5LXR3byBvY3RldHMgb2Ygb25lIG5vbmNlISE="
POLICIES = (x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.3.6.1.4.1.99999.2"), None)]), False)


def purposes(*oids):
    return (x509.ExtendedKeyUsage(list(oids)), False)


class WebEidRules(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.trusted = pathlib.Path(folder.name) / "trusted.pem"
        self.key = rsa_key()
        root = Authority(ROOT_NAME, rsa_key())
        self.issuer = Authority(ISSUER_NAME, rsa_key(), root, path_length=0)
        self.trusted.write_bytes(b"".join(each.certificate.public_bytes(PEM) for each in (root, self.issuer)))

    def token(self, **certificate):
        return json.dumps(token_of(self.issuer.issue(self.key, **certificate), sign_login(self.key, ORIGIN, NONCE)))

    def judge(self, cases):
        lines = "".join("\t".join((name, origin, nonce, str(self.trusted), token)) + "\n"
                        for name, (token, origin, nonce) in cases.items())
        run = subprocess.run([JAVA, "-XX:TieredStopAtLevel=1", str(SOURCE / "tests/webeid/WebEidRules.java")],
                             input=lines, capture_output=True, timeout=100, text=True)
        self.assertEqual(run.returncode, 0, run.stderr)
        return dict(line.split("\t") for line in run.stdout.splitlines())

    def test_what_decides_is_in_the_certificate_and_not_in_the_token(self):
        good = self.token(extra=[POLICIES])
        expected = {
            "policies, no purpose": (good, ORIGIN, NONCE, "accepted"),
            "purpose client authentication":
                (self.token(extra=[POLICIES, purposes(ExtendedKeyUsageOID.CLIENT_AUTH)]), ORIGIN, NONCE, "accepted"),
            "as the simulated cards' certificates are: no policies": (self.token(), ORIGIN, NONCE, "UserCertificateParseException"),
            "another purpose": (self.token(extra=[POLICIES, purposes(ExtendedKeyUsageOID.EMAIL_PROTECTION)]), ORIGIN,
                                NONCE, "UserCertificateWrongPurposeException"),
            "encryption certificate": (self.token(extra=[POLICIES], usage=("key_encipherment",)), ORIGIN, NONCE,
                                       "UserCertificateWrongPurposeException"),
            "no key usage": (self.token(extra=[POLICIES], usage=None), ORIGIN, NONCE,
                             "UserCertificateMissingPurposeException"),
            "expired": (self.token(extra=[POLICIES], starts=-9 * DAY, ends=-DAY), ORIGIN, NONCE,
                        "CertificateExpiredException"),
            "signed by the card itself": (self.token(extra=[POLICIES], signer_key=self.key), ORIGIN, NONCE,
                                          "CertificateNotTrustedException"),
            "another origin": (good, "https://evil.test", NONCE, "AuthTokenSignatureValidationException"),
            "another nonce": (good, ORIGIN, NONCE[::-1], "AuthTokenSignatureValidationException"),
        }
        given = self.judge({name: case[:3] for name, case in expected.items()})
        self.assertEqual(given, {name: case[3] for name, case in expected.items()})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
