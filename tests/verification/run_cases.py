"""Every implementation of docs/integrators.md gives the same verdicts: run_cases.py SOURCE_DIR VERIFY_TOKEN NODE

VERIFY_TOKEN is the C++ example's program.
"""
import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, VERIFY_TOKEN, NODE = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
HERE = SOURCE / "tests/verification"
PYTHON_EXAMPLE = SOURCE / "examples/verification/python"
sys.dont_write_bytecode = True
sys.path.insert(0, str(PYTHON_EXAMPLE))

from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat  # noqa: E402

from authority import PEM, sign_login, token_of  # noqa: E402
from cases import ID, ORIGIN, Cases  # noqa: E402
from challenges import Challenges  # noqa: E402
from login import Login  # noqa: E402
from verify_token import Refusal, Trust, parse_token, verify_token  # noqa: E402

HOLDER = ["verified", "王小明", "0000111122223333"]
PROGRAMS = {
    "C++": [VERIFY_TOKEN],
    "Node.js": [NODE, str(SOURCE / "examples/verification/node/main.mjs")],
    "Python": [sys.executable, str(PYTHON_EXAMPLE / "verify_token.py")],
}


def options(case):
    given = ["--origin", case.origin, "--nonce", case.nonce, "--id", case.id]
    for kind, file in case.files.items():
        given += ["--" + kind, file] if file else []
    return given


def run_program(language, case):
    """(exit status, verdict and holder)"""
    run = subprocess.run(PROGRAMS[language] + options(case), input=case.body.encode(), capture_output=True, timeout=60)
    return run.returncode, list(json.loads(run.stdout).values()) if run.returncode in (0, 1) else run.stderr.decode()


def trust_in(files):
    return Trust.from_files(*([files[kind]] if files[kind] else [] for kind in ("trust", "issuer", "crl")))


def python_verdict(case):
    trust = trust_in(case.files)
    try:
        holder = verify_token(parse_token(case.body), origin=case.origin, nonce=case.nonce, id_number=case.id,
                              trust=trust)
        return ["verified", *dataclasses.astuple(holder)]
    except Refusal as refusal:
        return [refusal.verdict]


class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.made = Cases(cls.folder)
        cls.cases = cls.made.all

    def check(self, title, given):
        case = self.cases[title]
        self.assertEqual(given, HOLDER + [case.simulated] if case.verdict == "verified" else [case.verdict], title)

    def test_there_are_cases_of_every_verdict(self):
        documented = set(re.findall(r"^\| `([a-z_]+)` \|", (SOURCE / "docs/integrators.md").read_text(), re.MULTILINE))
        given = {case.verdict for case in self.cases.values()} | {"challenge_missing", "challenge_expired"}
        self.assertEqual(given, documented)

    def test_python(self):
        for title, case in self.cases.items():
            with self.subTest(title):
                self.check(title, python_verdict(case))

    def test_node(self):
        file = self.folder / "cases.json"
        key = self.made.key.private_bytes(PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        file.write_text(json.dumps({"cases": {title: dataclasses.asdict(case) for title, case in self.cases.items()},
                                    "login": {**dataclasses.asdict(self.cases["good"]), "key": key}}))
        run = subprocess.run([NODE, str(HERE / "verdicts.mjs"), str(file)], capture_output=True, timeout=120)
        self.assertEqual(run.stderr, b"")
        answer = json.loads(run.stdout)
        self.assertEqual(answer["login"], ["verified", "challenge_missing"])
        self.assertEqual(answer["verdicts"].keys(), self.cases.keys())
        for title, given in answer["verdicts"].items():
            with self.subTest(title):
                self.check(title, given)

    def test_python_login_is_good_once(self):
        login = Login(ORIGIN, trust_in(self.made.files))
        token = token_of(self.made.certificate, sign_login(self.made.key, ORIGIN, login.challenge("session")))
        self.assertEqual(login.sign_in("session", ID, json.dumps(token)).name, HOLDER[1])
        with self.assertRaises(Refusal) as again:
            login.sign_in("session", ID, json.dumps(token))
        self.assertEqual(again.exception.verdict, "challenge_missing")

    def test_cpp(self):
        for title, case in self.cases.items():
            with self.subTest(title):
                status, given = run_program("C++", case)
                self.check(title, given)
                self.assertEqual(status, 0 if case.verdict == "verified" else 1)

    def test_programs_tell_by_their_exit_status(self):
        for language in PROGRAMS:
            with self.subTest(language):
                self.assertEqual(run_program(language, self.cases["good"]), (0, HOLDER + [True]))
                self.assertEqual(run_program(language, self.cases["expired"]), (1, ["certificate_expired"]))
                broken = dataclasses.replace(self.cases["good"], files={"trust": "/nonexistent", "crl": "/nonexistent"})
                self.assertEqual(run_program(language, broken)[0], 2)


class PythonChallenges(unittest.TestCase):
    def setUp(self):
        self.now = 1000.0
        self.challenges = Challenges(lambda: self.now)

    def refused(self, session):
        with self.assertRaises(Refusal) as refusal:
            self.challenges.consume(session)
        return refusal.exception.verdict

    def test_a_nonce_is_good_for_one_use_by_its_session(self):
        nonce = self.challenges.issue("one")
        self.assertEqual(len(nonce), 44)
        self.assertNotEqual(nonce, self.challenges.issue("two"))
        self.assertEqual(self.challenges.consume("one"), nonce)
        self.assertEqual(self.refused("one"), "challenge_missing")

    def test_a_nonce_is_good_for_five_minutes(self):
        self.challenges.issue("one")
        self.now += 300
        self.assertEqual(self.refused("one"), "challenge_expired")


class Document(unittest.TestCase):
    def test_printed_code_is_the_code_of_the_file_that_it_names(self):
        text = (SOURCE / "docs/integrators.md").read_text()
        printed = re.findall(r"<!-- code: (\S+) -->\n```\w*\n(.*?)```", text, re.DOTALL)
        self.assertGreaterEqual(len(printed), 3)
        for name, code in printed:
            with self.subTest(name):
                self.assertIn(code, (SOURCE / name).read_text())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
