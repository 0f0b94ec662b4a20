"""Facts about the rows of this app for the queries and rules of the shared loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import Exists, OuterRef, Subquery

from bihuan.cases.models import Case
from bihuan.cases.models.facts import Surroundings
from bihuan.core.lifecycle import Fact, SharedFact
from bihuan.receipts.models import Amendment, FollowUp, HeldAct, Message, Publication, Rating, Seal

_HERE = OuterRef("pk")
_UNSOLVED = FollowUp.objects.filter(case=_HERE, done_at=None)


def _holds(case: Case) -> frozenset[Fact]:
    return frozenset(_facts(vars(case)))


def _facts(answers: Mapping[str, bool]) -> Iterator[Fact]:
    if answers["is_unsolved"]:
        yield SharedFact.UNSOLVED
    if answers["is_published"]:
        yield SharedFact.PUBLISHED


def _askers(case: Case) -> Mapping[str, int]:
    """Return who handled what was not solved, even if an import recorded no participation."""
    handled_by: int | None = vars(case)["unsolved_by"]
    return {} if handled_by is None else {"follow_up": handled_by}


SURROUNDINGS = Surroundings(
    facts={
        "is_unsolved": Exists(_UNSOLVED),
        "unsolved_by": Subquery(_UNSOLVED.order_by("said_at", "pk").values("handled_by")[:1]),
        "is_published": Exists(Publication.objects.filter(case=_HERE, withdrawn_at=None)),
    },
    beside={
        "has_seals": Exists(Seal.objects.filter(case=_HERE)),
        "has_messages": Exists(Message.objects.filter(case=_HERE)),
        "has_ratings": Exists(Rating.objects.filter(case=_HERE)),
        "has_amendments": Exists(Amendment.objects.filter(case=_HERE)),
        "has_held": Exists(HeldAct.objects.filter(case=_HERE, decided_at=None)),
    },
    holds=_holds,
    askers=_askers,
)
