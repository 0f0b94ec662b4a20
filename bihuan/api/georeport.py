"""GeoReport v2 responses: the fields of each, in the order of the specification."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.utils.timezone import localtime

from bihuan import languages
from bihuan.api import queries, wording
from bihuan.api.catalogue import Attribute, Names, Service, attributes
from bihuan.api.writing import CONTENT_TYPES, Value
from bihuan.cases.models import Case
from bihuan.core.deadlines import Due
from bihuan.orgs.choices import name_of
from bihuan.web.templatetags.bihuan import instant

Row = Mapping[str, Value]

# When the attributes of the service definitions last changed (`data/attributes.toml`).
DEFINED_AT = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTION, TEST = "production", "test"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery(
    *, urls: Mapping[str, str], contact: str, key_service: str, changed_at: datetime | None
) -> Row:
    """Return the endpoints, for each type; the change set is the last change of the services."""
    changeset = _instant(max(changed_at or DEFINED_AT, DEFINED_AT))
    endpoints = [
        {
            "specification": SPECIFICATION,
            "url": url,
            "changeset": changeset,
            "type": name,
            "formats": list(CONTENT_TYPES.values()),
        }
        for name, url in urls.items()
    ]
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": key_service,
        "endpoints": endpoints,
    }


def services(found: Iterable[Service]) -> list[Row]:
    return [
        {
            "service_code": service.code,
            "service_name": service.name,
            "description": service.description,
            "metadata": bool(attributes(service.kind)),
            "type": "realtime",
            "keywords": ", ".join(service.keywords),
            "group": service.group,
        }
        for service in found
    ]


def definition(service: Service) -> Row:
    asked = [_attribute(attribute) for attribute in attributes(service.kind)]
    return {"service_code": service.code, "attributes": asked}


def _attribute(attribute: Attribute) -> Row:
    values = [{"key": key, "name": languages.of(name)} for key, name in attribute.values.items()]
    return {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype,
        "required": False,
        "datatype_description": None,
        "order": attribute.order,
        "description": languages.of(attribute.text),
        "values": values,
    }


def received(number: str, notice: str) -> list[Row]:
    """Return the answer to a report. There are no accounts."""
    return [{"service_request_id": number, "service_notice": notice, "account_id": None}]


def checked(notice: str) -> list[Row]:
    """Return the answer to a report that was only validated: no request was created."""
    return [{"service_request_id": None, "service_notice": notice, "account_id": None}]


def token(number: str) -> list[Row]:
    """Return the token; a request has its number at once, so the number is its token."""
    return [{"service_request_id": number, "token": number}]


def request(case: Case, names: Names) -> Row:
    """Return one request: everything that was published of it, or only its status."""
    code, service = queries.service_of(case, names)
    row: dict[str, Value] = {
        "service_request_id": case.number,
        "status": queries.CLOSED if case.ended_at else queries.OPEN,
        "status_notes": None,
        "service_name": service.name if service else case.kind_label,
        "service_code": code,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": _instant(case.reported_at),
        "updated_datetime": _instant(case.ended_at or case.round_at),
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        # Photos are never included: no one has checked their content for publication.
        "media_url": None,
    }
    return row | _published(case) if queries.is_shown(case) else row


def _published(case: Case) -> dict[str, Value]:
    """Return the texts written for the public, and the place as far as it was published."""
    shown = case.publication
    arrival = getattr(case, "arrival", None)
    given = arrival if arrival is not None and shown.place == case.place else None
    point = shown.point
    return {
        "status_notes": shown.answer or None,
        "description": "\n".join(filter(None, (shown.title, shown.text))),
        "agency_responsible": name_of(case.owner),
        "updated_datetime": _instant(case.ended_at or max(case.round_at, shown.published_at)),
        **_expected(queries.promised(case)),
        "address": shown.place or None,
        "address_id": (given.address_id or None) if given else None,
        "zipcode": (given.zipcode or None) if given else None,
        "lat": point.latitude if point else None,
        "long": point.longitude if point else None,
    }


def _expected(due: Due | None) -> dict[str, Value]:
    """Return the expected time and a note if it is provisional: the specification has no field
    for that.
    """
    if due is None:
        return {}
    notice = wording.provisional() if due.is_provisional else None
    return {"expected_datetime": _instant(instant(due)), "service_notice": notice}


def _instant(at: datetime | None) -> str | None:
    """Format as RFC 3339 with the local offset, which the specification's W3 format allows."""
    return localtime(at).isoformat(timespec="seconds") if at else None


def errors(code: int, lines: Iterable[str]) -> list[Row]:
    return [{"code": code, "description": line} for line in lines]
