"""Receive the report of another system: once, completely, and in the same way as any other
report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from bihuan.api import fetching
from bihuan.api.catalogue import Service
from bihuan.api.models import ApiKey, Arrival, Picture
from bihuan.cases.models import REPORTER, Case
from bihuan.core import legible
from bihuan.core.places import Point
from bihuan.core.refusal import Refusal
from bihuan.core.resent import mark_of
from bihuan.files.actions import Checked
from bihuan.receipts import codes, sides
from bihuan.receipts.accounts import Account, Identity, Intake

SAME = timedelta(minutes=1)
_TITLE = 60


class UsedForAnother(Refusal):
    """The Idempotency-Key was already used with another report."""


@dataclass(frozen=True)
class Report:
    """What a system sends: the service, the text, the location, and pictures."""

    service: Service
    words: str
    place: str
    point: Point | None = None
    address_id: str = ""
    zipcode: str = ""
    # The answers to the service definition, in words; and the raw answers.
    answers: Mapping[str, str] | None = None
    may_publish: bool = False
    identity: Identity = field(default_factory=Identity)
    photos: Sequence[Checked] = ()
    urls: Sequence[str] = ()

    @property
    def title(self) -> str:
        """Return the first line of the description; the service name if there is none."""
        first = legible.clean(self.words).partition("\n")[0].strip() or self.service.name
        return first if len(first) <= _TITLE else f"{first[: _TITLE - 1]}…"

    @property
    def description(self) -> str:
        lines = [f"{question} {answer}" for question, answer in (self.answers or {}).items()]
        return "\n".join(filter(None, (legible.clean(self.words), *lines)))


@dataclass(frozen=True)
class Sending:
    """One POST request: its key and its content, as digests under a secret."""

    key: ApiKey
    body: tuple[bytes, ...]
    idempotency: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, key: ApiKey, texts: Iterable[tuple[str, list[str]]], idempotency: str) -> Sending:
        body = json.dumps([key.pk, sorted(texts)], ensure_ascii=False)
        mark = _digests("idempotency", f"{key.pk}/{idempotency}") if idempotency else ()
        return cls(key, _digests("body", body), mark)

    def form_key(self, at: datetime) -> str:
        """Return an identifier of the request that no one else can calculate."""
        once = self.idempotency[0] if self.idempotency else self.body[0]
        when = "" if self.idempotency else str(at.timestamp() // SAME.total_seconds())
        return salted_hmac("bihuan.api.form", once.hex() + when, algorithm="sha256").hexdigest()


def _digests(purpose: str, text: str) -> tuple[bytes, ...]:
    """Return digests under the current and every earlier secret, so that a new secret causes no
    duplicates.
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salt = f"bihuan.api.{purpose}"
    return tuple(salted_hmac(salt, text, secret, algorithm="sha256").digest() for secret in secrets)


@dataclass(frozen=True)
class Received:
    """What the system receives: the case and, for the reporter, the code and the pictures left
    out.
    """

    case: Case
    code: str
    left_out: int = 0


def before(sending: Sending, now: datetime) -> Received | None:
    """Return what the same request created: by the same Idempotency-Key at any time, else
    within a minute.
    """
    arrivals = Arrival.objects.filter(key=sending.key).select_related("case__owner")
    if sending.idempotency:
        made = arrivals.filter(idempotency_digest__in=sending.idempotency).first()
        if made is not None and bytes(made.body_digest) not in sending.body:
            raise UsedForAnother
    else:
        recent = arrivals.filter(arrived_at__gt=now - SAME, idempotency_digest=None)
        made = recent.filter(body_digest__in=sending.body).order_by("-arrived_at").first()
    if made is None:
        return None
    return _receipt(made.case, sending.form_key(made.arrived_at))


def receive(*, report: Report, sending: Sending, now: datetime) -> Received:
    """Create the case as its kind requires, and queue its pictures for the worker.

    The case is created first, in a separate transaction: a client that repeats the request after a
    crash between the two gets the same case, and the missing data is added.
    """
    allowed = [url for url in report.urls if fetching.is_allowed(url, settings.OPEN311_MEDIA_HOSTS)]
    form_key = sending.form_key(now)
    case = _taken_in(report, sending.key, form_key, now)
    _note_arrival(case, report, sending, allowed, now)
    return _receipt(case, form_key, len(report.urls) - len(allowed))


@transaction.atomic
def _note_arrival(
    case: Case, report: Report, sending: Sending, urls: Sequence[str], now: datetime
) -> None:
    arrival, is_new = Arrival.objects.get_or_create(
        case=case,
        defaults={
            "key": sending.key,
            "service_code": report.service.code,
            "address_id": report.address_id,
            "zipcode": report.zipcode,
            "body_digest": sending.body[0],
            "idempotency_digest": sending.idempotency[0] if sending.idempotency else None,
            "arrived_at": now,
        },
    )
    if bytes(arrival.body_digest) not in sending.body:
        raise UsedForAnother
    if is_new:
        Picture.objects.bulk_create(
            [Picture(arrival=arrival, url=url, next_at=now) for url in urls]
        )


def address_of(case: Case) -> tuple[str, ...]:
    """Return the sending system's name for the place."""
    arrival = Arrival.objects.filter(case=case).first()
    return (arrival.address_id, arrival.zipcode) if arrival else ()


def forget_address(case: Case) -> None:
    """Delete the sending system's name for the place together with the place description."""
    Arrival.objects.filter(case=case).update(address_id="", zipcode="")


def _taken_in(report: Report, key: ApiKey, form_key: str, now: datetime) -> Case:
    service = report.service
    account = Account(
        title=report.title,
        unit=key.unit,
        description=report.description,
        place=report.place,
        category=service.subject,
        point=report.point,
        channel=Case.Channel.OPEN311,
        identity=report.identity,
    )
    intake = Intake(
        account=account,
        form_key=form_key,
        now=now,
        photos=report.photos,
        subject=service.category,
        may_publish=report.may_publish,
    )
    return sides.receive(service.kind, intake).case


def _receipt(case: Case, form_key: str, left_out: int = 0) -> Received:
    """Return the receipt, with the code unless it was derived from a secret that is no longer
    in use.
    """
    is_ours = mark_of(form_key) == case.form_key
    return Received(case, codes.code_for(form_key, REPORTER) if is_ours else "", left_out)
