"""A small OpenID Connect provider on this machine, which can also be told to misbehave."""

from __future__ import annotations

import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from tests.clock import PRESENT

CLIENT, SECRET = "bihuan at the county", "a secret: with %& in it"
ISSUED_AT = int(PRESENT.timestamp())


@dataclass
class Service:
    """Who is signed in there, and what it answers."""

    issuer: str = ""
    subject: str = "3f6c0e"
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    # What the discovery document, the claims and the token are turned into before they go out.
    discovery: Callable[[dict[str, Any]], Any] = lambda said: said
    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda said: said
    token: Callable[[str], Any] = lambda said: said
    status: int = 200
    # How it wants to be told the client's secret.
    secret_in: str = "client_secret_basic"

    def sign_in(self, address: str) -> str:
        """What a browser does there; the address to which it is sent back."""
        split = urlsplit(address)
        given = {name: values[0] for name, values in parse_qs(split.query).items()}
        assert f"{split.scheme}://{split.netloc}{split.path}" == f"{self.issuer}/authorize"
        assert (given["response_type"], given["scope"]) == ("code", "openid")
        assert given["client_id"] == CLIENT
        assert given["code_challenge_method"] == "S256"
        code = token_urlsafe(8)
        self.codes[code] = given
        return f"{given['redirect_uri']}?code={code}&state={given['state']}"

    def described(self) -> Any:
        return self.discovery(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": [self.secret_in],
            }
        )

    def exchanged(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        """The token for a code, once, to the client that asked with the right verifier."""
        given = self.codes.pop(form.get("code", ""), None)
        if given is None or self._client(form, authorization) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        same = form.get("redirect_uri") == given["redirect_uri"]
        if challenge != given["code_challenge"] or not same:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": given["nonce"],
            "iat": ISSUED_AT,
            "exp": ISSUED_AT + 300,
            "name": "陈领导",
            "email": "chen@example.org",
        }
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, self.claims(claims), self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.token(signed)}

    def _client(self, form: dict[str, str], authorization: str) -> tuple[str, str]:
        if self.secret_in == "client_secret_post":
            return form.get("client_id", ""), form.get("client_secret", "")
        pair = b64decode(authorization.removeprefix("Basic ")).decode()
        client, _, secret = pair.partition(":")
        return unquote(client), unquote(secret)

    def public_keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        self.service.asked.append(self.path)
        pages = {
            "/.well-known/openid-configuration": self.service.described,
            "/keys": self.service.public_keys,
        }
        page = pages.get(self.path)
        self._say(self.service.status if page else 404, page() if page else {})

    def do_POST(self) -> None:
        self.service.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._say(*self.service.exchanged(form, self.headers.get("Authorization", "")))

    def _say(self, status: int, values: Any) -> None:
        body = values if isinstance(values, bytes) else json.dumps(values).encode()
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", f"{self.service.issuer}/keys")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Service]:
    """The service, at an address of this machine."""
    service = Service()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
