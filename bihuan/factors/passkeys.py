"""Passkeys (WebAuthn): what a browser is asked for, and whether its answer holds.

The library checks the protocol; here are the site that asks, what is kept between the question
and the answer, and what of an answer may be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bihuan.factors import locking
from bihuan.factors.models import Passkey
from bihuan.factors.refusals import PasskeyRefused
from bihuan.orgs.models import User

# A question, as the session keeps it until the answer.
Asked = Mapping[str, Any]
LONGEST_CREDENTIAL = 1023


@dataclass(frozen=True)
class Site:
    """The host for which passkeys are made, and the origin that their answers have to name."""

    host: str
    origin: str

    @property
    def can_ask(self) -> bool:
        """Browsers give passkeys to names, and but for localhost over HTTPS alone."""
        try:
            ip_address(self.host.strip("[]"))
        except ValueError:
            return self.host == "localhost" or self.origin.startswith("https://")
        return False


@dataclass(frozen=True)
class Made:
    """A new passkey."""

    credential: bytes
    attested: bytes
    uses: int


@dataclass(frozen=True)
class Used:
    """A passkey that signed, and how often it says it was used."""

    passkey: Passkey
    uses: int


def site_of(request: HttpRequest) -> Site:
    name = request.get_host()
    host = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
    return Site(host, f"{request.scheme}://{name}")


def to_make(
    user: User, present: Iterable[Passkey], site: Site
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """What the browser is asked to make a passkey, and what is kept until it did."""
    options, asked = _server(site).register_begin(
        PublicKeyCredentialUserEntity(
            id=locking.digest(locking.HANDLE, user.pk, ""),
            name=user.username,
            display_name=user.name,
        ),
        _credentials(present),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), dict(asked)


def made(asked: Asked, answer: dict[str, Any], site: Site) -> Made:
    """The passkey that the browser made; `PasskeyRefused` where the answer does not hold."""
    try:
        said = _server(site).register_complete(asked, RegistrationResponse.from_dict(answer))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PasskeyRefused from error
    attested = said.credential_data
    if attested is None or len(attested.credential_id) > LONGEST_CREDENTIAL:
        raise PasskeyRefused
    return Made(attested.credential_id, bytes(attested), said.counter)


def to_sign(present: Iterable[Passkey], site: Site) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """What the browser is asked to have signed, and what is kept until it is."""
    options, asked = _server(site).authenticate_begin(
        _credentials(present), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), dict(asked)


def signed_by(
    present: Iterable[Passkey], *, asked: Asked, answer: dict[str, Any], site: Site
) -> Used:
    """Which of these signed; `PasskeyRefused` where none did."""
    known = {bytes(each.credential): each for each in present}
    try:
        said = AuthenticationResponse.from_dict(answer)
        signer = _server(site).authenticate_complete(asked, _credentials(known.values()), said)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PasskeyRefused from error
    return Used(known[signer.credential_id], said.response.authenticator_data.counter)


def _server(site: Site) -> Fido2Server:
    party = PublicKeyCredentialRpEntity(name="bihuan", id=site.host)
    return Fido2Server(party, verify_origin=lambda origin: origin == site.origin)


def _credentials(present: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(each.attested)) for each in present]
