"""Which cases an officer may know of, as a condition that every query about cases includes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from bihuan.cases import kinds
from bihuan.cases.models.access import AccessGrant, Exclusion
from bihuan.cases.models.around import Assist

# Units of former posts, with those above them, and when the posts were left.
Before = tuple[tuple[frozenset[int], datetime], ...]


def barring(members: Iterable[int], over: Iterable[int], before: Before) -> Q:
    """Condition for the exclusions that apply to this officer, or to one of those whom the
    officer represents.
    """
    shut = Q(unit__in=sorted(over)) | Q(member__in=tuple(members))
    for units, until_at in before:
        shut |= Q(unit__in=sorted(units), since_at__lt=until_at)
    return shut


@dataclass(frozen=True)
class Visibility:
    """What an officer may see: the units in reach (None: all), and cases that these assist.

    A bar on one of the units `over` the officer, or on the officer, shuts a case on every path,
    and so does one on a unit `before` that means those who had a post there while the officer
    did; only one of the `posts` opens a confidential one. `over` or `posts` is
    None where there is no such case at all, so that most questions need not ask.

    An officer who only administers or audits (`works` is false) sees nothing that people bring for
    themselves; one who also works somewhere sees of that what the `working` units have (None: all).
    """

    # The officer, then those whom the officer represents.
    members: tuple[int, ...]
    units: frozenset[int] | None
    assisted: frozenset[int] = frozenset()
    over: frozenset[int] | None = None
    posts: frozenset[int] | None = None
    before: Before = ()
    works: bool = True
    working: frozenset[int] | None = None

    def not_shut(self, case: str = "") -> Q:
        """Condition for cases that the officer may know of; `case` is the path to them from
        related rows.
        """
        here, field = OuterRef(case or "pk"), f"{case}__is_confidential".removeprefix("__")
        known = Q(**{field: False})
        if self.posts is not None:
            known |= Q(Exists(AccessGrant.objects.filter(case=here, post__in=sorted(self.posts))))
        if self.over is not None:
            shut = barring(self.members, self.over, self.before)
            known &= ~Q(Exists(Exclusion.objects.filter(shut, case=here)))
        if not self.works:
            known &= Q(**{f"{case}__kind__in".removeprefix("__"): kinds.seen_in_reach()})
        return known

    def worked_on(self, units: frozenset[int]) -> Q:
        """Cases that everyone sees; and of the others only those of these units, or entered by
        the officer.
        """
        helped = Assist.objects.filter(case=OuterRef("pk"), unit__in=sorted(units), ended_at=None)
        own = Q(kind__in=kinds.seen_in_reach()) | Q(is_confidential=True)
        own |= Q(reported_by=self.members[0])
        return own | Q(owner__in=units) | Q(origin__in=units) | Q(Exists(helped))
