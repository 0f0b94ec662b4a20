"""The receipt that proves a report: a signed slip that anyone can check offline.

A slip is a JSON Web Signature in the compact form (RFC 7515), signed with Ed25519 (RFC 8037), so
that any JWS library can check it against the published keys (a JSON Web Key Set, RFC 7517).
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import OKPKey

from bihuan.core import codes
from bihuan.core.deadlines import Due
from bihuan.receipts import first_slips
from bihuan.receipts.first_slips import BadSlip

ALGORITHM = "EdDSA"
TYPE = "bihuan-receipt"


class _OnlyEdDSA(jws.JWSRegistry):
    """Uses the algorithm name that most libraries know for Ed25519, though RFC 9864 prefers
    another.
    """

    def get_alg(self, name: str) -> JWSAlgModel:
        if name != ALGORITHM:
            raise JoseError(f"the algorithm {name} is not that of a receipt")
        return self.algorithms[name]


_registry = _OnlyEdDSA()


@dataclass(frozen=True)
class Slip:
    """The content of a receipt. `due` is empty if there is no deadline."""

    code: str
    day: date
    due: Due | None
    content: str
    key: str


def content_digest(values: Mapping[str, object], files: Iterable[str]) -> str:
    """Return one digest of the text and the digests of its photos, which both sides keep."""
    content = json.dumps([dict(values), sorted(files)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def signed(*, code: str, day: date, due: Due | None, content: str) -> str:
    """Return the slip as text."""
    details = {
        "code": codes.written(code),
        "day": day.isoformat(),
        "due": due.in_text() if due else None,
        "content": content,
    }
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": label()}
    payload = json.dumps(details, separators=(",", ":"))
    return jws.serialize_compact(header, payload, _private(settings.SECRET_KEY), registry=_registry)


def read(text: str, keys: Mapping[str, str]) -> Slip:
    """Parse a slip signed by one of these keys (label to key); raise `BadSlip` if it is not
    valid.
    """
    if first_slips.is_one(text):
        return Slip(*first_slips.read(text, keys))
    # It may have been broken into lines when it was pasted or printed.
    compact = "".join(text.split())
    try:
        label = str(jws.extract_compact(compact.encode()).headers()["kid"])
    except (JoseError, ValueError, LookupError) as error:
        raise BadSlip("form") from error
    if label not in keys:
        raise BadSlip("key")
    try:
        _require_exact(compact)
        key = OKPKey.import_key({**_jwk(label, keys[label])})
        found = jws.deserialize_compact(compact, key, registry=_registry)
        return _said(json.loads(found.payload), label)
    except (JoseError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise BadSlip("signature") from error


def _said(values: Mapping[str, str], label: str) -> Slip:
    due = Due.from_text(values["due"]) if values["due"] else None
    day = date.fromisoformat(values["day"])
    return Slip(codes.normal(values["code"]), day, due, str(values["content"]), label)


def _require_exact(compact: str) -> None:
    """Require the canonical encoding: the last character of a part has unused bits."""
    for part in compact.split("."):
        data = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        if urlsafe_b64encode(data).decode().rstrip("=") != part:
            raise ValueError(part)


# -------------------------------------------------------------------------- keys
def published(keys: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return the public keys (label to key) as a JSON Web Key Set."""
    return {"keys": [_jwk(label, key) for label, key in keys.items()]}


def keys_of(given: object) -> dict[str, str]:
    """Parse the output of `published` into keys by label; raise `ValueError` if it has none.

    Earlier releases published them as an object of labels and keys.
    """
    keys = given.get("keys") if isinstance(given, dict) else None
    if isinstance(keys, dict):
        found = dict(keys)
    elif isinstance(keys, list):
        found = {key.get("kid"): key.get("x") for key in keys if isinstance(key, dict)}
    else:
        raise ValueError(given)
    if not all(isinstance(word, str) for pair in found.items() for word in pair):
        raise ValueError(given)
    return found


def _jwk(label: str, key: str) -> dict[str, str]:
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": key.rstrip("="),
        "kid": label,
        "use": "sig",
        "alg": ALGORITHM,
    }


def label() -> str:
    """Return the short name of the current signing key."""
    return hashlib.sha256(public_key().encode()).hexdigest()[:8]


def public_key() -> str:
    """Return the current public key: 32 bytes as base64url, with padding."""
    return f"{_private(settings.SECRET_KEY).as_dict(private=False)['x']}="


@cache
def _private(secret: str) -> OKPKey:
    seed = hashlib.sha256(b"bihuan receipts\x00" + secret.encode()).digest()
    key = Ed25519PrivateKey.from_private_bytes(seed)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return OKPKey.import_key(key.private_bytes(encoding, form, serialization.NoEncryption()))
