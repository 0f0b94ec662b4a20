"""For whom evidence is: what an officer adds stays with the office unless it is marked as shown."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.cases.actions import comments, evidence
from bihuan.cases.models import REPORTER, Case, Evidence
from bihuan.core.hazard import Move, Stage
from bihuan.files.actions import check
from bihuan.hazards.actions import rectification, verification
from bihuan.orgs.models import User
from bihuan.receipts.actions import public
from tests.cases.public import Office, make_office, told
from tests.clock import PRESENT
from tests.desk.pages import a_case
from tests.factories import Cast, make_photo
from tests.mediations import table
from tests.mediations.table import B

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def seen(case: Case, slot: str = REPORTER) -> list[str]:
    """The captions, by which a test knows them, of what the holder of that code sees."""
    return [row.caption for row in Evidence.objects.shown_to(case.pk, slot).order_by("pk")]


def attached(case: Case, actor: User, note: str, *, is_shown: bool = False) -> Evidence:
    evidence.attach(
        case=case, actor=actor, now=PRESENT, uploads=[make_photo()], phase="before", note=note,
        is_shown=is_shown,
    )  # fmt: skip
    return Evidence.objects.get(case=case, caption=note)


def test_what_an_officer_attaches_stays_with_the_office_unless_it_is_marked(office: Office) -> None:
    case = told(office.town, kind="grievance").case

    kept = attached(case, office.handler, "只供内部")
    shown = attached(case, office.handler, "给来信人看", is_shown=True)

    assert (kept.shown_to, shown.shown_to) == ("office", "codes")
    assert seen(case) == ["给来信人看"]
    assert {row.pk for row in Evidence.objects.on(case.pk)} == {kept.pk, shown.pk}


def test_photos_of_each_step_stay_with_the_office_unless_they_are_marked(cast: Cast) -> None:
    case = a_case(cast, Stage.RECTIFYING)
    before = set(Evidence.objects.on(case.pk))
    for is_shown in (False, True):
        comments.record_step(
            case=case, actor=cast.handler, now=PRESENT, note=f"进展 {is_shown}",
            photos=[make_photo()], is_shown=is_shown,
        )  # fmt: skip
    rectification.submit(
        case=case, actor=cast.handler, now=PRESENT, note="好了", photos=[make_photo()],
        is_shown=True,
    )  # fmt: skip
    verification.verify(
        case=case, actor=cast.verifier, now=PRESENT, note="属实", photos=[make_photo()]
    )

    added = [row for row in Evidence.objects.on(case.pk).order_by("pk") if row not in before]
    assert [row.shown_to for row in added] == ["office", "codes", "codes", "office"]
    assert seen(case) == ["进展 True", "好了"]


def test_a_document_of_an_officer_is_never_shown(office: Office) -> None:
    case = told(office.town, kind="grievance").case
    paper = SimpleUploadedFile("谈话笔录.pdf", PDF, "application/pdf")

    evidence.attach(
        case=case, actor=office.handler, now=PRESENT, uploads=[paper], phase="document",
        note="笔录", is_shown=True,
    )  # fmt: skip

    assert seen(case) == []
    assert Evidence.objects.get(case=case).shown_to == "office"


def test_a_picture_kept_for_the_office_is_shown_once_it_is_added_as_shown(office: Office) -> None:
    case, photo = told(office.town, kind="grievance").case, make_photo(seed=3)
    for is_shown in (False, True, True):
        photo.seek(0)
        evidence.attach(
            case=case, actor=office.handler, now=PRESENT, uploads=[photo], phase="before",
            note=f"{is_shown}", is_shown=is_shown,
        )  # fmt: skip

    # It is the same photo, with the words of the first time.
    assert seen(case) == ["False"]
    assert Evidence.objects.on(case.pk).count() == 1


def test_the_page_that_adds_photos_says_for_whom_they_are(client: Client, office: Office) -> None:
    case = told(office.town, kind="grievance").case
    client.force_login(office.handler)
    url = reverse("desk:move", args=[case.number, "attach"])

    page = client.get(url).content.decode()
    client.post(
        url,
        {"version": case.version, "uploads": make_photo(), "phase": "before", "note": "现场",
         "is_shown": "on"},
    )  # fmt: skip

    assert 'name="is_shown"' in page
    assert "向反映人展示这些照片" in page
    assert seen(case) == ["现场"]


def test_where_nobody_holds_a_code_the_page_does_not_ask(client: Client, cast: Cast) -> None:
    case = a_case(cast, Stage.RECTIFYING)
    client.force_login(cast.handler)

    page = client.get(reverse("desk:move", args=[case.number, Move.SUBMIT])).content.decode()

    assert 'name="photos"' in page
    assert 'name="is_shown"' not in page


def test_the_case_page_says_for_whom_each_photo_is(client: Client, office: Office) -> None:
    case = told(office.town, kind="grievance").case
    attached(case, office.handler, "只供内部")
    attached(case, office.handler, "给来信人看", is_shown=True)
    client.force_login(office.handler)

    page = client.get(case.get_absolute_url()).content.decode()

    assert page.count("仅供办理单位") == 1
    assert page.count("持查询码者可见") == 1


# ------------------------------------------------------------------ a mediation
@pytest.fixture
def dispute(db: None) -> tuple[Case, table.Office]:
    office = table.make_office(PRESENT)
    return table.begun(office), office


def given(case: Case, slot: str, *, is_shown: bool = False, seed: int | None = None) -> Evidence:
    before = list(Evidence.objects.on(case.pk).values_list("pk", flat=True))
    public.add(
        case=case, text="", now=PRESENT, form_key=f"{slot}-{seed}-{is_shown}", slot=slot,
        photos=[check(make_photo(seed=seed))], is_shown=is_shown,
    )  # fmt: skip
    return Evidence.objects.on(case.pk).exclude(pk__in=before).get()


def test_what_a_party_gives_reaches_the_other_only_where_it_says_so(
    dispute: tuple[Case, table.Office],
) -> None:
    case, _office = dispute
    for slot in (REPORTER, B):
        for is_shown in (False, True):
            Evidence.objects.filter(pk=given(case, slot, is_shown=is_shown).pk).update(
                caption=f"{slot} {is_shown}"
            )

    assert seen(case, REPORTER) == [f"{REPORTER} False", f"{REPORTER} True", f"{B} True"]
    assert seen(case, B) == [f"{REPORTER} True", f"{B} False", f"{B} True"]


def test_what_the_mediator_adds_reaches_nobody_unless_all(
    dispute: tuple[Case, table.Office],
) -> None:
    case, office = dispute
    attached(case, office.mediator, "对方私下交来")
    attached(case, office.mediator, "现场测量", is_shown=True)

    assert seen(case, REPORTER) == seen(case, B) == ["现场测量"]


def test_the_same_picture_given_by_both_is_each_ones_own(
    dispute: tuple[Case, table.Office],
) -> None:
    case, _office = dispute
    first, second = given(case, REPORTER, seed=9), given(case, B, seed=9)
    Evidence.objects.filter(pk=first.pk).update(caption="甲")
    Evidence.objects.filter(pk=second.pk).update(caption="乙")

    assert seen(case, REPORTER) == ["甲"]
    assert seen(case, B) == ["乙"]
