"""What officers hold in their hands: an app that shows codes, and a passkey made of software."""

from __future__ import annotations

import json
import secrets
from base64 import b32decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.contrib.auth import get_user
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

from bihuan.core.second_factor import STEP_SECONDS
from bihuan.factors import locking, totp
from bihuan.factors.actions import setting_up
from bihuan.factors.actions.setting_up import Setter
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from tests.factories import NOW

SECRET = b"twenty bytes exactly"
BEFORE = NOW - timedelta(hours=2)
FLAG = AuthenticatorData.FLAG


@dataclass
class Phone:
    """An app with one key in it."""

    secret: bytes = SECRET

    @classmethod
    def with_key(cls, typed: str) -> Phone:
        """Set up by typing the key that a page shows."""
        return cls(b32decode(typed.replace(" ", "")))

    def code(self, at: datetime = NOW, *, steps: int = 0) -> str:
        """What it shows then, or so many half minutes later."""
        return totp.code_at(self.secret, int(at.timestamp()) // STEP_SECONDS + steps)


@dataclass
class Key:
    """A passkey: answers as a browser would that was asked by the page from `origin`."""

    origin: str = "http://localhost"
    host: str = "localhost"
    counts: bool = True
    uses: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(Aaguid.NONE, self.credential, public)
        data = self._data(FLAG.UP | FLAG.AT, made)
        attestation = AttestationObject.create("none", data, {})
        return self._answer("webauthn.create", options, attestationObject=bytes(attestation))

    def sign(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.uses += self.counts
        data, client = self._data(FLAG.UP), self._client("webauthn.get", options)
        signed = bytes(data) + sha256(client).digest()
        signature = self.private.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(
            "webauthn.get", options, authenticatorData=bytes(data), signature=signature
        )

    def _data(self, flags: FLAG, made: AttestedCredentialData | None = None) -> AuthenticatorData:
        digest = sha256(self.host.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(digest, flags, self.uses, made or b"")
        return data

    def _client(self, kind: str, options: Mapping[str, Any]) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, kind: str, options: Mapping[str, Any], **parts: bytes) -> dict[str, Any]:
        parts["clientDataJSON"] = self._client(kind, options)
        return {
            "id": written(self.credential),
            "rawId": written(self.credential),
            "type": "public-key",
            "response": {name: written(part) for name, part in parts.items()},
            "clientExtensionResults": {},
        }


def written(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def read(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def give_app(user: User, *, at: datetime = NOW) -> tuple[Phone, list[str]]:
    """The officer sets an app up by then; the phone, and the recovery codes."""
    phone = Phone()
    setter = Setter(user)
    codes = setting_up.set_up_app(actor=setter, secret=SECRET, code=phone.code(at), now=at)
    return phone, codes


def stored_secret(user: User) -> bytes:
    return locking.unlock(user.code_app.secret)


def acts(user: User) -> list[str]:
    entries = Entry.objects.filter(chain__subject=user.subject).order_by("seq")
    return list(entries.values_list("act", flat=True))


def is_in(client: Client) -> bool:
    return get_user(client).is_authenticated
