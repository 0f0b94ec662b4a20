"""What was granted: the words and photos go from wherever they are kept."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CharField, JSONField, TextField
from django.utils.timezone import localdate

from bihuan.cases.actions import words as pieces
from bihuan.cases.models import Case
from bihuan.clocks.models import Clock
from bihuan.core import amending as rules
from bihuan.core.amending import AmendmentOutcome, Wants
from bihuan.core.grievance import Stage
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.grievances.actions import handling
from bihuan.journal import queries as journal
from bihuan.journal.actions import Change, record_many
from bihuan.journal.models import Entry, KeptValues
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice
from bihuan.receipts.accounts import Identity
from bihuan.receipts.actions import amendments as actions
from bihuan.receipts.actions import public
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Amendment, Message, Publication, Rating, Seal
from bihuan.receipts.queries import amendments
from tests.anyrow import any_row, own_models
from tests.cases.public import Office, make_office, told
from tests.clock import PRESENT
from tests.factories import make_officer, make_unit
from tests.grievances.offices import bring, make_realm
from tests.receipts.amended import SECRET, add, ask, decide, refuse, told_secretly

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    return told_secretly(office.town)


def everywhere() -> str:
    """All words that the database holds in clear."""
    found = []
    for model in own_models():
        names = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, TextField | CharField | JSONField)
        ]
        if names:
            found.append(str(list(model._default_manager.values_list(*names))))
    return "\n".join(found)


# ---------------------------------------------------------------------- deciding
def test_erased_words_stand_nowhere_any_more(office: Office, case: Case) -> None:
    add(case, f"{SECRET}又来了")
    for thing in ("title", "description", "place", f"message-{Message.objects.get().pk}"):
        decide(ask(case, thing, reason=f"{SECRET}是我的"), office.clerk)

    assert SECRET not in everywhere()
    fresh, today = Case.objects.get(), localdate(PRESENT)
    for words in (fresh.title, fresh.description, fresh.place, Message.objects.earliest("pk").text):
        assert words == f"［应当事人要求于{today.year}年{today.month}月{today.day}日删除］"
    assert (fresh.latitude, fresh.longitude, fresh.cell) == (None, None, None)
    assert not Case.objects.matching("鹦鹉螺").exists()
    assert journal.verify().ok


def test_what_an_edit_kept_beside_the_journal_goes_as_well(office: Office, case: Case) -> None:
    with transaction.atomic():
        record_many(
            "edit",
            [Change(case.subject, {"title": SECRET}, {"title": "改"})],
            by=office.clerk,
            at=PRESENT,
            keep=True,
        )

    decide(ask(case, "title"), office.clerk)

    assert KeptValues.objects.get().before == ""


def test_words_as_they_were_before_they_were_masked_leave_the_seal(office: Office) -> None:
    case = told(
        office.town,
        kind="grievance",
        description="举报人王强（电话13800000000）称通道堵塞",
        identity=Identity(name="王强", phone="13900000000"),
    ).case

    decide(ask(case, "description"), office.clerk)

    identity = unsealed(Seal.objects.get())
    assert (identity.name, identity.phone, identity.words) == ("王强", "13900000000", "")


def test_a_seal_that_held_nothing_but_the_words_is_erased(office: Office) -> None:
    case = told(
        office.town,
        kind="grievance",
        description="举报人王强（电话13800000000）称",
        identity=Identity(),
    ).case

    decide(ask(case, "description"), office.clerk)

    assert Seal.objects.get().erased_at == PRESENT
    assert journal.verify().ok


def test_what_an_addition_says_leaves_the_seal_alone(office: Office, case: Case) -> None:
    before = Seal.objects.get().content
    add(case, "补充")

    decide(ask(case, f"message-{Message.objects.get().pk}"), office.clerk)

    assert Seal.objects.get().content == before


def test_the_words_of_a_rating_go_and_what_was_rated_stays(office: Office) -> None:
    case = bring(make_realm().town, Stage.REPLIED)
    coordinator = make_officer(case.owner, Power.COORDINATE)
    public.rate(case=case, solved=False, stars=2, text=f"{SECRET}还在", now=PRESENT, form_key="a")

    decide(ask(case, f"rating-{Rating.objects.get().pk}"), coordinator)

    rating = Rating.objects.get()
    assert (rating.solved, rating.stars) == (False, 2)
    assert SECRET not in everywhere()
    assert journal.verify().ok


def test_corrected_words_take_the_place_of_the_earlier_ones(office: Office, case: Case) -> None:
    decide(
        ask(case, "title", Wants.CORRECT, right_words="三轮车占道", reason=f"不是{SECRET}"),
        office.clerk,
    )

    assert Case.objects.get().title == "三轮车占道"
    assert {n.detail["title"] for n in Notice.objects.all()} == {"三轮车占道"}
    assert Case.objects.matching("三轮车占道").exists()
    assert amendments.thing(case, "reporter", "title") is not None
    (given,) = Amendment.objects.all()
    assert (given.right_words, given.reason) == ("", "")


def test_a_point_on_the_map_stays_with_a_corrected_place_and_goes_with_an_erased_one(
    office: Office,
) -> None:
    case = told(office.town, point=Point(35.5, 116.5)).case

    decide(ask(case, "place", Wants.CORRECT, right_words="古槐巷七号"), office.clerk)
    assert Case.objects.get().latitude == 35.5
    decide(ask(case, "place"), office.clerk)
    assert Case.objects.get().latitude is None
    assert journal.verify().ok


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a full-text table beside the row")
def test_no_piece_of_the_words_stays_in_the_full_text_table() -> None:
    office = make_office()
    case = told_secretly(office.town)
    for thing in ("title", "description", "place"):
        decide(ask(case, thing), office.clerk)
    assert pieces_lie(SECRET)

    pieces.forget_replaced()

    assert not pieces_lie(SECRET)
    assert pieces_lie("应当事人要求")
    assert pieces.forget_replaced() == 0


def pieces_lie(words: str) -> bool:
    """Whether the bytes of the full-text table hold a pair of these characters, found or not; of
    the first byte or two it keeps only that they are those of the pair before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM cases_words_index_data")
        blocks = [bytes(block) for (block,) in cursor.fetchall()]
    pairs = [(one + two).encode()[2:] for one, two in itertools.pairwise(words)]
    return any(pair in block for pair in pairs for block in blocks)


def test_the_title_goes_from_notices_of_every_kind(office: Office, case: Case) -> None:
    for kind in ("case", "mediation"):
        tell(
            [office.head], subject=f"{kind}/{case.number}", what="x", cause=kind, now=PRESENT,
            detail={"title": case.title},
        )  # fmt: skip

    decide(ask(case, "title"), office.clerk)

    assert SECRET not in str(list(Notice.objects.values_list("detail")))


@pytest.mark.parametrize("wants", Wants)
def test_parts_that_took_the_place_over_have_it_corrected_and_erased_with_the_whole(
    wants: Wants,
) -> None:
    town = make_realm().town
    case = bring(town, Stage.ACCEPTED)
    Case.objects.filter(pk=case.pk).update(
        place=f"{SECRET}旁", latitude=35.5, longitude=116.5, cell=Point(35.5, 116.5).cell
    )
    case.refresh_from_db()
    part = handling.add_child(
        case=case, actor=town.coordinator, now=PRESENT, unit=make_unit(town.unit), title="查电表"
    )
    assert (part.place, part.latitude) == (f"{SECRET}旁", 35.5)
    values = {"right_words": "古槐巷七号"} if wants is Wants.CORRECT else {}

    decide(ask(case, "place", wants, **values), make_officer(town.unit, Power.COORDINATE))

    whole, part = Case.objects.get(pk=case.pk), Case.objects.get(pk=part.pk)
    assert part.place == whole.place
    assert (part.latitude, part.cell) == (whole.latitude, whole.cell)
    assert SECRET not in everywhere()
    assert Entry.objects.filter(chain__subject=part.subject, act="decide_amendment").exists()


def test_parts_that_are_called_otherwise_stay_as_they_are() -> None:
    town = make_realm().town
    case = bring(town, Stage.ACCEPTED)
    part = handling.add_child(
        case=case, actor=town.coordinator, now=PRESENT, unit=make_unit(town.unit), title="查电表"
    )

    decide(ask(case, "title"), make_officer(town.unit, Power.COORDINATE))

    assert Case.objects.get(pk=part.pk).title == "查电表"


def test_the_point_goes_from_what_is_published(office: Office) -> None:
    case = told(office.town, point=Point(35.5, 116.5)).case
    any_row(Publication, case=case, latitude=35.5, longitude=116.5, withdrawn_at=None)

    decide(ask(case, "place"), office.clerk)

    assert list(Publication.objects.values_list("latitude", "longitude")) == [(None, None)]


def test_a_point_on_the_map_goes_with_a_part_of_the_place(office: Office) -> None:
    case = told(office.town, place="古槐巷七号", point=Point(35.5, 116.5)).case

    values = {"left": "古槐巷×××", "answer": "路段仍需要", "basis": "needed"}
    decide(ask(case, "place"), office.clerk, AmendmentOutcome.PARTLY, **values)

    assert list(Case.objects.values_list("place", "latitude", "longitude", "cell")) == [
        ("古槐巷×××", None, None, None)
    ]


def test_a_point_on_the_map_that_came_without_words_can_be_erased(office: Office) -> None:
    nowhere: dict[str, Any] = {"place": "", "point": Point(35.5, 116.5)}
    case = told(office.town, kind="grievance", **nowhere).case

    decide(ask(case, "place"), office.clerk)

    assert list(Case.objects.values_list("latitude", "longitude", "cell")) == [(None, None, None)]


def test_part_of_the_words_may_go(office: Office, case: Case) -> None:
    given = ask(case, "description")

    with pytest.raises(rules.NotOnlyLeftOut):
        decide(
            given,
            office.clerk,
            AmendmentOutcome.PARTLY,
            left="车已挪走。×××",
            answer="其余仍需要",
            basis="needed",
        )
    decide(
        given,
        office.clerk,
        AmendmentOutcome.PARTLY,
        left="每晚停着×××很吵。",
        answer="其余仍需要",
        basis="needed",
    )

    assert Case.objects.get().description == "每晚停着×××很吵。"
    assert ask(case, "description").is_open


def test_a_refusal_says_why_and_leaves_all_as_it_was(office: Office, case: Case) -> None:
    given = refuse(ask(case, "title", reason="不想说了"), office.clerk)

    assert Case.objects.get().title == f"{SECRET}占道"
    assert (given.answer, given.basis, given.reason) == ("案件仍在办理。", "needed", "不想说了")
    assert given.clock.outcome == Clock.Outcome.MET
    assert Message.objects.get(what="amended").slot == "reporter"
    entry = Entry.objects.filter(act="decide_amendment").get()
    assert (entry.note, entry.details["outcome"]) == ("", "refused")
    assert ask(case, "title").is_open
    assert journal.verify().ok


def test_a_later_erasure_takes_along_what_earlier_requests_said(office: Office, case: Case) -> None:
    refuse(ask(case, "title", Wants.CORRECT, right_words=f"红{SECRET}"), office.clerk)

    decide(ask(case, "title"), office.clerk)

    assert {row.right_words for row in Amendment.objects.all()} == {""}


def test_a_form_that_was_open_before_an_erasure_does_not_bring_the_words_back(
    office: Office, case: Case
) -> None:
    version = Case.objects.get().version

    decide(ask(case, "title"), office.clerk)

    assert Case.objects.get().version == version + 1


@pytest.mark.parametrize("twice", [AmendmentOutcome.GRANTED, AmendmentOutcome.REFUSED])
def test_of_two_decisions_the_first_counts(
    office: Office, case: Case, twice: AmendmentOutcome
) -> None:
    given = refuse(ask(case, "title"), office.clerk)

    with pytest.raises(rules.NoLongerOpen):
        decide(given, office.head, twice, answer="。a", basis="kept")


def test_a_withdrawn_request_is_not_granted(office: Office, case: Case) -> None:
    given = ask(case, "title")
    actions.take_back(case=case, slot="reporter", thing="title", now=PRESENT)

    with pytest.raises(rules.NoLongerOpen):
        decide(given, office.clerk)
