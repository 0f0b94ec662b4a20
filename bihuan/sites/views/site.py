"""The page of one site: open problems first, then what each part shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bihuan import formats
from bihuan.desk import hooks
from bihuan.files.attachments import Attachments
from bihuan.files.queries import attached_to
from bihuan.orgs import naming
from bihuan.orgs.http import SignedInRequest
from bihuan.orgs.models import User
from bihuan.sites import problems, queries, sections, story
from bihuan.sites.catalogue import Attribute, AttributeType
from bihuan.sites.models import Site
from bihuan.sites.views.acting import seen
from bihuan.web import subjects


@require_safe
@never_cache
def site(request: SignedInRequest, pk: int) -> HttpResponse:
    now, user = timezone.now(), request.user
    found = seen(request, pk, now)
    may_add = found.closed_at is None and queries.may_add(user, found, now)
    at_site = problems.at(found, user, now)
    add_url = reverse("files:attach", args=subjects.parted(found.subject)) if may_add else ""
    context = {
        "site": found,
        "kind": found.site_kind,
        "operator": _operator(found),
        "attributes": list(_attributes(found)),
        "position": _position(found),
        "problems": at_site,
        "may_add": may_add,
        "may_change": found.closed_at is None and queries.may_change(user, found, now),
        "regulators": queries.regulators_of(found),
        "sections": sections.of(found, user, now),
        "buttons": sections.buttons_of(found, user, now),
        "acts": list(_acts(found, user, now)),
        "report_url": _report_url(found, user, now),
        "attachments": Attachments(list(attached_to(found.subject)), add_url),
        "timeline": story.of(found, at_site.numbers),
    }
    return render(request, "sites/site.html", context)


def _operator(found: Site) -> str:
    unit = found.operator_unit
    return naming.name_of(unit) if unit else found.operator_name


def _position(found: Site) -> str:
    point = found.point
    return f"{point.latitude:.6f}, {point.longitude:.6f}" if point else ""


def _attributes(found: Site) -> Iterator[tuple[str, str]]:
    """Return what is stated, in the order of the kind."""
    for each in found.site_kind.attributes:
        if each.key in found.attributes:
            yield str(each), _written(each, found.attributes[each.key])


def _written(attribute: Attribute, value: object) -> str:
    match attribute.type:
        case AttributeType.YES_NO:
            return _("Yes") if value else _("No")
        case AttributeType.CHOICE:
            words = {choice.key: str(choice) for choice in attribute.choices}
            return words.get(str(value), str(value))
        case AttributeType.DATE:
            return formats.day(datetime.fromisoformat(str(value)).date())
        case AttributeType.NUMBER:
            return f"{value:,} {attribute.measure or ''}".strip()
    return str(value)


def _acts(found: Site, user: User, now: datetime) -> Iterator[tuple[str, str]]:
    if not queries.may_change(user, found, now):
        return
    if found.closed_at is not None:
        yield _("Reopen the site"), reverse("sites:reopen", args=[found.pk])
        return
    yield _("Change the site"), reverse("sites:change", args=[found.pk])
    yield _("Set regulators"), reverse("sites:regulators", args=[found.pk])
    yield _("Move to another unit"), reverse("sites:move", args=[found.pk])
    yield _("Close the site"), reverse("sites:close", args=[found.pk])


def _report_url(found: Site, user: User, now: datetime) -> str:
    """Return the form to report a problem here, of the first kind that the officer may report."""
    if found.closed_at is not None:
        return ""
    address = hooks.report_address(user, now)
    return f"{address}?{urlencode({'at': found.subject})}" if address else ""
