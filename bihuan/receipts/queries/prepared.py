"""The questions that every page of a case asks of the public's side, put together once."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from bihuan.cases import kinds
from bihuan.cases.models import Case
from bihuan.receipts.models import Message, Rating, Seal
from bihuan.store.prepared import prepared

AT_MOST = 100  # messages on a page
OF_CODE = ("slot", "renewals", "is_from_desk")

_OPENING = ("pk", "reason", "asked_by", "asked_by__name", "asked_at")
_OPENED = ("allowed_by__name", "opened_at", "until_at", "is_danger")


@prepared
def seals(case: int) -> QuerySet[Seal, Any]:
    """The seals of the case, each with its unseal requests."""
    rows = Seal.objects.filter(case=case).order_by("slot", "unseal_requests__pk")
    of_requests = (f"unseal_requests__{name}" for name in (*_OPENING, *_OPENED))
    return rows.values_list("slot", "erased_at", *of_requests)


@prepared
def messages(case: int) -> QuerySet[Message]:
    rows = Message.objects.filter(case=case).select_related("member", "unit")
    return rows.order_by("-said_at", "-pk")[:AT_MOST]


@prepared
def ratings(case: int) -> QuerySet[Rating]:
    rows = Rating.objects.filter(case=case).select_related("item__clock", "item__done_by")
    return rows.order_by("rated_at", "pk")


@prepared
def opened_by(code: int) -> QuerySet[Case]:
    """The case that the code opens, with what its public moves ask."""
    related = ("owner", "origin", "sender", "parent", *kinds.related())
    rows = Case.objects.with_facts().select_related(*related).filter(codes=code)
    return rows.annotate(**{f"code_{name}": F(f"codes__{name}") for name in OF_CODE})
