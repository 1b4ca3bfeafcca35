"""The two requests of a login, without HTTP. `session` is the visitor's session at the site, from a cookie."""
from challenges import Challenges
from verify_token import parse_token, verify_token


class Login:
    def __init__(self, origin, trust):
        self._origin, self._trust, self._challenges = origin, trust, Challenges()

    def challenge(self, session):
        """For the page, which gives it to the card service."""
        return self._challenges.issue(session)

    def sign_in(self, session, id_number, body):
        """The holder. The nonce is used up before anything else is looked at. Raises Refusal."""
        nonce = self._challenges.consume(session)
        return verify_token(parse_token(body), origin=self._origin, nonce=nonce, id_number=id_number, trust=self._trust)
