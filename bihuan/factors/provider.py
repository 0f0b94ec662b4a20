"""Sign-in through an identity provider (OpenID Connect code flow with PKCE, state and nonce).

The answer is trusted after its signature, issuer, audience, times and nonce were checked. Only the
subject is used, which an administrator assigned to an officer before.
"""

from __future__ import annotations

import http.client
import json
import ssl
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from threading import BoundedSemaphore
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

from bihuan.core.refusal import Refusal
from bihuan.environment import LOOPBACK

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
SECONDS, PAUSE = 8.0, 4.0
MOST_BYTES, PIECE = 256 * 1024, 16 * 1024
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255

# Of the four threads of a process two stay free however slowly the provider answers.
_room = BoundedSemaphore(2)


class ProviderAway(Refusal):
    """The identity provider does not answer, or its answer is malformed."""


class NotBelieved(Refusal):
    """The answer is not a valid response to a request of this browser."""


class NotSignedIn(Refusal):
    """The provider reports that the sign-in failed: cancelled, or refused by its rules."""


class AskedTooOften(Refusal):
    """Too many sign-ins through the provider were started from one address."""


@dataclass(frozen=True)
class Question:
    """One sign-in in progress, as the session keeps it."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Question:
        return cls(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class Answer:
    """The parameters with which the browser returned from the provider."""

    state: str
    code: str
    issuer: str = ""
    error: str = ""


def is_configured() -> bool:
    return bool(settings.OIDC_ISSUER)


def address(question: Question, back_to: str) -> str:
    """Return the URL to which the browser is sent to sign in."""
    with _turn():
        end = _discovered("authorization_endpoint")
    details = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back_to,
        "scope": "openid",
        "state": question.state,
        "nonce": question.nonce,
        "code_challenge": question.challenge,
        "code_challenge_method": "S256",
    }
    return f"{end}{'&' if '?' in end else '?'}{urlencode(details)}"


def subject(question: Question, answer: Answer, back_to: str, *, now: datetime) -> str:
    """Return the subject that signed in, an identifier that the provider never reassigns."""
    if not _is_same(answer.state, question.state):
        raise NotBelieved
    if answer.issuer and answer.issuer != settings.OIDC_ISSUER:
        raise NotBelieved
    if answer.error:
        raise NotSignedIn
    if not answer.code:
        raise NotBelieved
    with _turn():
        found = _discovery()
        token = _exchanged(found, question, answer.code, back_to)
        keys = _ask(_endpoint(found, "jwks_uri"))
    return _believed(token, keys, question, now)


def look() -> None:
    """Check that the provider can be reached; raise `ProviderAway` if not."""
    found = _discovery()
    for end in ("authorization_endpoint", "token_endpoint"):
        _endpoint(found, end)
    _ask(_endpoint(found, "jwks_uri"))


# --------------------------------------------------------------------- the token
def _believed(token: str, keys: Mapping[str, Any], question: Question, now: datetime) -> str:
    # Imported late: it would add a twentieth to the start-up time of each command.
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        known = KeySet.import_key_set(keys)  # type: ignore[arg-type]
        claims = jwt.decode(token, known, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotBelieved from error
    if not _is_for_us(claims) or not _is_of_now(claims, now):
        raise NotBelieved
    nonce, said = claims.get("nonce"), claims.get("sub")
    if not isinstance(nonce, str) or not _is_same(nonce, question.nonce):
        raise NotBelieved
    if not isinstance(said, str) or not 0 < len(said) <= LONGEST_SUBJECT:
        raise NotBelieved
    return said


def _is_for_us(claims: Mapping[str, Any]) -> bool:
    client, audience = settings.OIDC_CLIENT_ID, claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != settings.OIDC_ISSUER or client not in audiences:
        return False
    return bool(claims.get("azp", client if len(audiences) == 1 else None) == client)


def _is_of_now(claims: Mapping[str, Any], now: datetime) -> bool:
    ends, begins = claims.get("exp"), claims.get("iat")
    if not isinstance(ends, int | float) or not isinstance(begins, int | float):
        return False
    at = now.timestamp()
    return begins - LEEWAY_SECONDS <= at < ends + LEEWAY_SECONDS


def _is_same(received: str, expected: str) -> bool:
    return compare_digest(received.encode(), expected.encode())


# ----------------------------------------------------------------- the service
def _discovery() -> Mapping[str, Any]:
    """Return the provider's metadata, which must name the configured issuer."""
    found = _ask(f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != settings.OIDC_ISSUER:
        raise ProviderAway
    return found


def _discovered(name: str) -> str:
    return _endpoint(_discovery(), name)


def _endpoint(found: Mapping[str, Any], name: str) -> str:
    """Return one of its endpoints; refused if less secure than the issuer's own URL."""
    end = found.get(name)
    if not isinstance(end, str) or not is_safe(end) or not end.isascii() or not end.isprintable():
        raise ProviderAway
    return end


def is_safe(url: str) -> bool:
    """Whether the URL uses HTTPS or points to this machine."""
    try:
        split = urlsplit(url)
        _port = split.port
    except ValueError:
        return False
    if split.scheme == "http":
        return split.hostname in LOOPBACK
    return split.scheme == "https" and bool(split.hostname)


def _exchanged(found: Mapping[str, Any], question: Question, code: str, back_to: str) -> str:
    """Exchange the code that the browser returned with for the signed token."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_to,
        "code_verifier": question.verifier,
    }
    ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    client, secret = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if "client_secret_basic" in ways:
        pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form |= {"client_id": client, "client_secret": secret}
    response = _ask(_endpoint(found, "token_endpoint"), urlencode(form).encode(), headers)
    token = response.get("id_token")
    if not isinstance(token, str):
        raise NotBelieved
    return token


def _ask(
    url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """Fetch the JSON object at the URL; redirects are not followed."""
    split = urlsplit(url)
    target = (split.path or "/") + (f"?{split.query}" if split.query else "")
    given = {"Accept": "application/json", "Connection": "close", **(headers or {})}
    try:
        connection = _connected(split.scheme, split.hostname or "", split.port)
        try:
            connection.request("GET" if body is None else "POST", target, body, given)
            found = json.loads(_read(connection.getresponse(), body is not None))
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise ProviderAway from error
    if not isinstance(found, dict):
        raise ProviderAway
    return found


def _connected(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=PAUSE)
    tls = ssl.create_default_context()
    return http.client.HTTPSConnection(host, port, timeout=PAUSE, context=tls)


def _read(response: http.client.HTTPResponse, is_exchange: bool) -> bytes:
    if is_exchange and response.status in (400, 401):
        raise NotBelieved  # the code is invalid or was used
    if response.status != 200:
        raise ProviderAway
    end, data = monotonic() + SECONDS, bytearray()
    while piece := response.read1(PIECE):
        data += piece
        if len(data) > MOST_BYTES or monotonic() > end:
            raise ProviderAway
    return bytes(data)


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise ProviderAway
    try:
        yield
    finally:
        _room.release()
