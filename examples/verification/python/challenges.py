"""Challenges of logins: 256 random bits each, for one session, for one use, for five minutes."""
import base64
import os
import time

from verify_token import Refusal

LIFETIME = 300


class Challenges:
    """In this process's memory; a site with several processes keeps the same two values in its session store."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._open = {}

    def issue(self, session):
        """The nonce for the page: 44 characters. Replaces an earlier one of the session."""
        now = self._clock()
        self._open = {key: value for key, value in self._open.items() if value[1] > now}
        nonce = base64.b64encode(os.urandom(32)).decode()
        self._open[session] = (nonce, now + LIFETIME)
        return nonce

    def consume(self, session):
        """Takes the session's nonce away, whatever becomes of the login. Raises Refusal."""
        nonce, ends = self._open.pop(session, (None, 0))
        if nonce is None:
            raise Refusal("challenge_missing")
        if self._clock() >= ends:
            raise Refusal("challenge_expired")
        return nonce
