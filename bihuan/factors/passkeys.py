"""Passkeys (WebAuthn): the options sent to a browser, and the check of its answer.

The library implements the protocol; this module supplies the relying party, the state between
request and answer, and what may be stored.
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

# A request, as the session keeps it until the answer.
Asked = Mapping[str, Any]
LONGEST_CREDENTIAL = 1023


@dataclass(frozen=True)
class Site:
    """The host for which passkeys are created, and the origin that answers must name."""

    host: str
    origin: str

    @property
    def can_ask(self) -> bool:
        """Browsers support passkeys for host names only, and over HTTPS only, except on
        localhost.
        """
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
    """A passkey that signed, and its signature counter."""

    passkey: Passkey
    uses: int


def site_of(request: HttpRequest) -> Site:
    name = request.get_host()
    host = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
    return Site(host, f"{request.scheme}://{name}")


def to_make(
    user: User, present: Iterable[Passkey], site: Site
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the options for creating a passkey, and the state to keep until the answer."""
    options, challenge = _server(site).register_begin(
        PublicKeyCredentialUserEntity(
            id=locking.digest(locking.HANDLE, user.pk, ""),
            name=user.username,
            display_name=user.name,
        ),
        _credentials(present),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), dict(challenge)


def made(challenge: Asked, answer: dict[str, Any], site: Site) -> Made:
    """Return the passkey that the browser created; raise `PasskeyRefused` if the answer is not
    valid.
    """
    try:
        registration = _server(site).register_complete(
            challenge, RegistrationResponse.from_dict(answer)
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PasskeyRefused from error
    attested = registration.credential_data
    if attested is None or len(attested.credential_id) > LONGEST_CREDENTIAL:
        raise PasskeyRefused
    return Made(attested.credential_id, bytes(attested), registration.counter)


def to_sign(present: Iterable[Passkey], site: Site) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the options for a signature, and the state to keep until the answer."""
    options, challenge = _server(site).authenticate_begin(
        _credentials(present), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), dict(challenge)


def signed_by(
    present: Iterable[Passkey], *, challenge: Asked, answer: dict[str, Any], site: Site
) -> Used:
    """Return which of these passkeys signed; raise `PasskeyRefused` if none did."""
    known = {bytes(each.credential): each for each in present}
    try:
        response = AuthenticationResponse.from_dict(answer)
        signer = _server(site).authenticate_complete(
            challenge, _credentials(known.values()), response
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise PasskeyRefused from error
    return Used(known[signer.credential_id], response.response.authenticator_data.counter)


def _server(site: Site) -> Fido2Server:
    party = PublicKeyCredentialRpEntity(name="bihuan", id=site.host)
    return Fido2Server(party, verify_origin=lambda origin: origin == site.origin)


def _credentials(present: Iterable[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(each.attested)) for each in present]
