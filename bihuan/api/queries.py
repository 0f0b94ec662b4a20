"""Data for the interfaces: published cases, and the status of cases received here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate

from bihuan.api.catalogue import Names, Service
from bihuan.api.models import ApiKey
from bihuan.cases.models import Case, CaseQuerySet, Exclusion, UndoableAct, clocks_of
from bihuan.cases.queries import as_shown
from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.grievances.models import Category
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.receipts import sides
from bihuan.receipts.queries.promises import first_promise, rights

MOST = 1_000
SECOND = timedelta(seconds=1)
OPEN, CLOSED = "open", "closed"
# Cases whose existence is hidden from other systems: by counting, they could learn that an office
# was complained about, or of a confidential case.
_UNTOLD = Q(is_confidential=True) | Exists(Exclusion.objects.filter(case=OuterRef("pk")))
_SHOWN = Q(publication__isnull=False, publication__withdrawn_at=None, is_confidential=False)

# As in `with_facts()`: a case without such an act is shown as it is.
_BESIDE = {"has_undoable": Exists(UndoableAct.objects.filter(case=OuterRef("pk"), undone_at=None))}


@dataclass(frozen=True)
class Wanted:
    """What a system requests: the time of the report, the services, open or closed."""

    start: datetime
    end: datetime
    service_codes: Collection[str] = ()
    statuses: Collection[str] = ()


def published(wanted: Wanted, names: Names, now: datetime) -> CaseQuerySet:
    """Return public cases of that period, newest first, at most a thousand."""
    cases = _with_parts(Case.objects.filter(_SHOWN))
    # Responses have times in whole seconds, and must find the case again.
    until = wanted.end.replace(microsecond=0) + SECOND
    cases = cases.filter(reported_at__gte=wanted.start, reported_at__lt=until)
    if wanted.statuses:
        cases = cases.filter(_of_status(wanted.statuses, now))
    if wanted.service_codes:
        cases = cases.filter(_of_service(wanted.service_codes, names))
    return cases.order_by("-reported_at", "-pk")[:MOST]


def numbered(numbers: Collection[str], key: ApiKey | None = None) -> CaseQuerySet:
    """Return the cases with these numbers that are public or came with this key, newest first."""
    cases = _with_parts(Case.objects.filter(number__in=numbers))
    visible = _SHOWN | Q(arrival__key=key) if key else _SHOWN
    return cases.filter(visible).order_by("-reported_at", "-pk")


def as_the_public_sees(cases: CaseQuerySet, now: datetime) -> list[Case]:
    """Return these cases without the acts that can still be undone."""
    found = as_shown.all_of(cases, now)
    for shown in found:
        if shown.acts:
            due = first_promise(shown.clocks())
            shown.case.__dict__["promised_at"] = due.at if due else None
            shown.case.__dict__["is_provisional"] = bool(due and due.is_provisional)
    return [shown.case for shown in found]


def is_shown(case: Case) -> bool:
    """Whether more than the bare status may be shown."""
    publication = getattr(case, "publication", None)
    published_now = publication is not None and publication.withdrawn_at is None
    return published_now and not case.is_confidential


def promised(case: Case) -> Due | None:
    """Return by when the reporter is owed something, for a case received here."""
    at: datetime | None = vars(case)["promised_at"]
    return None if at is None else Due(at, vars(case)["is_provisional"])


def service_of(case: Case, names: Names) -> tuple[str, Service | None]:
    """Return the service of the case: as it was sent, or as the office categorises it."""
    arrival = getattr(case, "arrival", None)
    if arrival is not None:
        return arrival.service_code, names.by_code.get(arrival.service_code)
    for path in sides.category_paths():
        row, _, field = path.partition("__")
        category: Category | None = getattr(getattr(case, row, None), field, None)
        if category is not None:
            return category.code, names.by_code.get(category.code)
    service = names.by_subject.get(case.category)
    return (service.code if service else ""), service


def _with_parts(cases: CaseQuerySet) -> CaseQuerySet:
    owed = clocks_of().filter(rule_id__in=rights()).order_by("due_at")
    related = ("owner", "publication", "arrival", *sides.category_paths())
    return (
        cases.exclude(_UNTOLD)
        .select_related(*related)
        .annotate(
            promised_at=Subquery(owed.values("due_at")[:1]),
            is_provisional=Subquery(owed.values("is_provisional")[:1]),
            **_BESIDE,
        )
    )


def _of_status(statuses: Collection[str], now: datetime) -> Q:
    """Return the condition for the status that the response will name."""
    waiting = Case.objects.filter(_SHOWN, pk__in=as_shown.waiting_of(None, now))
    shown = {case.pk: case.ended_at is None for case in as_the_public_sees(waiting, now)}
    wanted = Q(pk__in=[])
    for status, is_open in ((OPEN, True), (CLOSED, False)):
        if status in statuses:
            so = [pk for pk, is_so in shown.items() if is_so == is_open]
            wanted |= Q(~Q(pk__in=shown), ended_at__isnull=is_open) | Q(pk__in=so)
    return wanted


def _of_service(codes: Collection[str], names: Names) -> Q:
    """Express `service_of` as a query condition."""
    found = Q(arrival__service_code__in=codes)
    elsewhere = Q(pk__in=[])
    paths = sides.category_paths()
    for part in paths:
        elsewhere |= Q(**{f"{part}__code__in": codes})
    subjects = [service.subject for service in names.by_subject.values() if service.code in codes]
    bare = Q(**dict.fromkeys(paths), category__in=subjects)
    return found | (Q(arrival=None) & (elsewhere | bare))


def services_changed_at() -> datetime | None:
    """Return when the services last changed; None if they never did."""
    subjects = [category.subject for category in Category.objects.only("code")]
    entries = Entry.objects.filter(chain__subject__in=subjects)
    changed_at: datetime | None = entries.aggregate(at=Max("at"))["at"]
    return changed_at


# ------------------------------------------------------------------------ keys
def administered_keys(user: User, now: datetime) -> QuerySet[ApiKey]:
    """Return the keys of the units that this officer administers, active ones first."""
    tops = access.units_with(user, Power.ADMINISTER, localdate(now))
    keys = ApiKey.objects.filter(unit__in=Unit.objects.within(*tops))
    return keys.select_related("unit", "made_by").order_by("-pk")


def key_named(key: str) -> ApiKey | None:
    """Return the API key with this number, if it is one at all."""
    known = ApiKey.objects.select_related("unit")
    return known.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None


def may_see_key(user: User, key: str, now: datetime) -> bool:
    found = key_named(key)
    return found is not None and access.has(user, Power.ADMINISTER, unit=found.unit, now=now)


def name_of_key(key: str) -> str:
    found = key_named(key)
    return found.name if found else ""
