"""Which pictures the holder of a code sees, in the list and at each address alike."""

from __future__ import annotations

import pytest

from bihuan.cases.actions import evidence
from bihuan.cases.models import Case, Evidence
from bihuan.receipts import codes
from bihuan.receipts.models import TrackingCode
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.portal.conftest import County
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db

OTHER = "1234567890123456"


def seen(who: Visitor) -> list[int]:
    """The pictures that the page lists; every address was walked, and gives the same."""
    page, found = who.get("/track/case/").text, []
    for pk in Evidence.objects.values_list("pk", flat=True).order_by("pk"):
        for query in ("", "?size=small"):
            response = who.client.get(f"/track/photo/{pk}/{query}")
            assert (f"/track/photo/{pk}/" in page) == (response.status_code == 200)
            if response.status_code == 200:
                assert b"".join(response.streaming_content)  # type: ignore[attr-defined]
        if response.status_code == 200:
            found.append(pk)
    return found


def attached(county: County, name: str, *, is_shown: bool = False) -> int:
    case = Case.objects.get()
    evidence.attach(
        case=case, actor=county.clerk, now=PRESENT, uploads=[make_photo(name)],
        phase="before", note="张三家门口偷拍", is_shown=is_shown,
    )  # fmt: skip
    return Evidence.objects.latest("pk").pk


def test_what_an_officer_attaches_is_not_shown_to_the_reporter(
    code: str, county: County, visitor: Visitor
) -> None:
    attached(county, "举报人张三.jpg")

    visitor.track(code)

    assert seen(visitor) == []


def test_what_is_marked_is_shown_without_its_caption_and_its_name(
    code: str, county: County, visitor: Visitor
) -> None:
    shown = attached(county, "举报人张三.jpg", is_shown=True)

    visitor.track(code)
    page = visitor.get("/track/case/").text
    response = visitor.client.get(f"/track/photo/{shown}/")
    assert b"".join(response.streaming_content)  # type: ignore[attr-defined]

    assert seen(visitor) == [shown]
    assert "张三" not in page
    assert response["Content-Disposition"].endswith(f'"photo-{shown}.jpg"')


def both_sides(county: County, visitor: Visitor) -> tuple[Visitor, Visitor]:
    visitor.track(visitor.report("dispute", *county.steps(other_name="孙某乙")).code)
    TrackingCode.objects.create(
        case=Case.objects.get(), slot="party-2", code_hash=codes.slow(OTHER), given_at=PRESENT
    )
    other = Visitor()
    other.track(OTHER)
    return visitor, other


def test_a_party_says_whether_the_other_side_sees_its_photos(
    county: County, visitor: Visitor
) -> None:
    one, other = both_sides(county, visitor)

    one.act("add", text="只给调解员", photos=make_photo())
    one.act("add", text="给双方", photos=make_photo(), is_shown="on")
    other.act("add", text="只给调解员", photos=make_photo())
    stored, shared, theirs = Evidence.objects.values_list("pk", flat=True).order_by("pk")

    assert seen(one) == [stored, shared]
    assert seen(other) == [shared, theirs]
    assert "对方也能看到这些照片" in one.get("/track/case/add/").text
    assert "各方都能看到" in other.get("/track/case/").text


def test_what_one_side_gives_to_the_mediator_reaches_nobody_else(
    county: County, visitor: Visitor
) -> None:
    one, other = both_sides(county, visitor)

    attached(county, "对方交来的照片.jpg")

    assert seen(one) == seen(other) == []


def test_who_reports_nothing_to_be_mediated_is_not_asked(code: str, visitor: Visitor) -> None:
    visitor.track(code)

    assert 'name="is_shown"' not in visitor.get("/track/case/add/").text
