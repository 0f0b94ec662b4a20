"""“Not solved” comes to somebody who took no part in the answer or in any review of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.cases.models import Case
from bihuan.core.grievance import Stage
from bihuan.core.refusal import OwnAnswer
from bihuan.grievances import wording
from bihuan.grievances.queries import Round
from bihuan.orgs.models import User
from bihuan.receipts.actions import public
from tests.clock import PRESENT
from tests.factories import NOW
from tests.grievances.offices import DAY, Realm, bring, review

pytestmark = pytest.mark.django_db
Bring = Callable[[Realm], Case]


def of_the_answer(realm: Realm) -> Case:
    """Said of the answer, before any review."""
    return public.rate(case=bring(realm.town, Stage.REPLIED), solved=False, now=NOW)


def of_the_answer_reviewed_since(realm: Realm) -> Case:
    """Said of the answer, which was reviewed before anybody looked into it."""
    return review(of_the_answer(realm), realm.county, now=NOW + DAY)


def of_the_review(realm: Realm) -> Case:
    """Said of the review."""
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    return public.rate(case=case, solved=False, now=NOW)


def of_the_re_review(realm: Realm) -> Case:
    """Said of the re-review."""
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    case = review(case, realm.city, now=NOW, round=Round.REREVIEW)
    return public.rate(case=case, solved=False, now=NOW)


TOWN = ("town.handler", "town.head")
COUNTY = ("county.handler", "county.head")
CITY = ("city.handler", "city.head")
PAIRS = [
    *((of_the_answer, who) for who in TOWN),
    *((of_the_answer_reviewed_since, who) for who in (*TOWN, *COUNTY)),
    *((of_the_review, who) for who in (*TOWN, *COUNTY)),
    *((of_the_re_review, who) for who in (*TOWN, *COUNTY, *CITY)),
]


def named(realm: Realm, who: str) -> User:
    office, person = who.split(".")
    found: User = getattr(getattr(realm, office), person)
    return found


@pytest.mark.parametrize(("said", "who"), PAIRS)
def test_whoever_drafted_or_issued_an_answer_or_a_review_is_refused(
    realm: Realm, said: Bring, who: str
) -> None:
    case = said(realm)

    with pytest.raises(OwnAnswer) as refused:
        public.follow_up(case=case, actor=named(realm, who), now=NOW + 2 * DAY, note="已看")

    with translation.override("en"):
        assert "A different officer must follow this up" in wording.explain(refused.value)
    assert case.follow_ups.get().done_by is None


@pytest.mark.parametrize(
    "said", [of_the_answer, of_the_answer_reviewed_since, of_the_review, of_the_re_review]
)
@pytest.mark.parametrize("who", ["town.coordinator", "county.coordinator", "province.head"])
def test_whoever_took_no_part_looks_into_it(realm: Realm, said: Bring, who: str) -> None:
    case, actor = said(realm), named(realm, who)

    public.follow_up(case=case, actor=actor, now=NOW + 2 * DAY, note="已约好到场。")

    assert case.follow_ups.get().done_by == actor


def test_the_page_offers_it_to_others_only_and_an_old_link_says_why(
    client: Client, realm: Realm
) -> None:
    now = PRESENT
    case = public.rate(case=bring(realm.town, Stage.REPLIED, now=now), solved=False, now=now)
    case = review(case, realm.county, now=now)
    address = reverse("desk:move", args=[case.number, "follow_up"])

    client.force_login(realm.town.handler)
    assert address not in client.get(case.get_absolute_url()).content.decode()
    refused = client.get(address)
    client.force_login(realm.town.coordinator)

    assert (refused.status_code, "须由其他人核查" in refused.content.decode()) == (403, True)
    assert address in client.get(case.get_absolute_url()).content.decode()
