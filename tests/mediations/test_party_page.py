"""What a party sees and does with its own code: for itself alone, and never who the others are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from bihuan.cases.models import REPORTER, Case
from bihuan.core.mediation import TALKING, Move, Stage
from bihuan.core.refusal import NotAllowed, Refusal
from bihuan.mediations import public
from bihuan.mediations.actions import parties, proceedings
from bihuan.mediations.actions.parties import ACTS
from bihuan.receipts.models import Message
from bihuan.receipts.party_moves import PartyRequest
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW
from tests.mediations import table
from tests.mediations.table import (
    APPLICANT,
    BOTH,
    DAY,
    OTHER,
    TERMS,
    B,
    Office,
    agreed,
    announced,
    at,
    begun,
    brought,
    confirmed,
    drafted,
    named,
)

pytestmark = pytest.mark.django_db


def offered(case: Case, slot: str, office: Office) -> set[str]:
    view = public.view(case=Case.objects.get(pk=case.pk), slot=slot, now=office.now)
    return {offer.page.move for offer in view.offers}


def page(case: Case, slot: str, office: Office) -> str:
    view = public.view(case=Case.objects.get(pk=case.pk), slot=slot, now=office.now)
    context = {"party": view, "party_action": "/track/case/party/", "now": office.now}
    return render_to_string("mediations/party.html", context, RequestFactory().get("/"))


def send(case: Case, slot: str, move: str, office: Office, **data: Any) -> Case:
    """Fill in the form of a move as the page shows it, and send it."""
    filled = public.MOVES[move].fill_in({f"{move}-{name}": value for name, value in data.items()})
    assert filled.form.is_valid(), filled.form.errors
    return filled.make(PartyRequest(case=case, slot=slot, now=office.now))


def test_a_party_is_offered_what_means_something_from_it_now(office: Office) -> None:
    fresh = brought(office).case
    assert offered(fresh, REPORTER, office) == {Move.DECLINE}
    assert offered(fresh, B, office) == {Move.CONSENT, Move.DECLINE}

    case = named(office)
    judge = {Move.ACCEPT_MEDIATOR, Move.REFUSE_MEDIATOR}
    assert offered(case, B, office) == judge | {Move.CONSENT, Move.DECLINE}
    parties.accept_mediator(case=case, slot=B, now=NOW)
    assert Move.ACCEPT_MEDIATOR not in offered(case, B, office)

    assert offered(begun(office), B, office) == judge | {Move.END}
    assert offered(drafted(office), B, office) == judge | {
        Move.CONFIRM,
        Move.REFUSE_TERMS,
        Move.END,
    }
    assert Move.CONFIRM not in offered(confirmed(office, [B]), B, office)
    assert Move.CONFIRM in offered(confirmed(office, [B]), REPORTER, office)
    assert offered(agreed(office), B, office) == set()


def test_a_party_is_asked_to_go_on_only_when_the_month_ends(office: Office) -> None:
    case = begun(office)
    assert Move.GO_ON not in offered(case, B, office)

    office.now = NOW + 25 * DAY
    assert Move.GO_ON in offered(case, B, office)
    parties.go_on(case=case, slot=B, now=office.now)
    assert Move.GO_ON not in offered(case, B, office)
    assert Move.GO_ON in offered(case, REPORTER, office)


@pytest.mark.parametrize("slot", BOTH)
@pytest.mark.parametrize("stage", [Stage.BROUGHT, *sorted(TALKING)])
def test_until_the_agreement_each_party_is_always_offered_the_end(
    office: Office, stage: Stage, slot: str
) -> None:
    ends = offered(at(office, stage), slot, office) & {Move.END, Move.DECLINE}

    assert len(ends) == 1


def test_whatever_is_offered_can_be_done(office: Office) -> None:
    extra: dict[str, dict[str, Any]] = {
        Move.REFUSE_MEDIATOR: {"words": "不合适"},
        Move.REFUSE_TERMS: {"words": "太高"},
        Move.END: {"is_sure": "on"},
        Move.DECLINE: {"is_sure": "on"},
    }
    for stage in (Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED):
        for move in sorted(offered(at(office, stage), B, office)):
            case = at(office, stage)
            data = dict(extra.get(move, {}))
            if move == Move.CONFIRM:
                data = {"digest": table.text_of(case).digest, "has_read": "on"}

            assert send(case, B, move, office, **data)


def test_every_move_of_a_party_has_a_page_and_an_action() -> None:
    assert {*public.MOVES} == {*ACTS}


def test_the_text_is_confirmed_by_its_hash_from_the_page(office: Office) -> None:
    case = drafted(office)
    digest = table.text_of(case).digest
    assert f'name="confirm-digest" value="{digest}"' in page(case, B, office)

    proceedings.take_back(case=case, actor=office.mediator, now=NOW, note="金额有误")
    drafted(office, case, terms="全部作废。")

    with pytest.raises(Refusal):
        send(case, B, Move.CONFIRM, office, digest=digest, has_read="on")


@pytest.mark.parametrize("move", [Move.CONFIRM, Move.END, Move.DECLINE, Move.REFUSE_TERMS])
def test_nothing_that_binds_or_ends_is_sent_by_one_press(move: Move) -> None:
    assert not public.MOVES[move].fill_in({f"{move}-digest": "x"}).form.is_valid()


@pytest.mark.parametrize("move", ["conclude", "begin", "add", "nonsense"])
def test_no_move_of_the_office_is_made_from_a_partys_page(move: str) -> None:
    with pytest.raises(KeyError):
        public.MOVES[move]


def test_a_code_without_a_party_sees_nothing(office: Office) -> None:
    with pytest.raises(NotAllowed):
        public.view(case=brought(office).case, slot="party-7", now=NOW)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("stage", [Stage.BROUGHT, Stage.MEDIATING, Stage.DRAFTED, Stage.AGREED])
def test_a_party_never_reads_who_the_others_are(
    office: Office, stage: Stage, language: str
) -> None:
    case = at(office, stage)
    parties_words = "乙方" if language == "zh-hans" else "Party B"

    with translation.override(language):
        text = page(case, B, office)

    assert parties_words in text
    for identity in (APPLICANT, OTHER):
        for secret in (identity.name, identity.phone, identity.address):
            assert secret not in text


def test_a_party_reads_who_is_to_mediate(office: Office) -> None:
    assert "望湖镇 · 人民调解员 · 周调解" in page(named(office), B, office)


def test_a_party_reads_the_text_word_by_word_and_what_was_promised(office: Office) -> None:
    text = page(agreed(office), B, office)

    for line in TERMS.split("\n"):
        assert line in text
    assert "2026-10-10 甲方修复围墙" in text
    assert "2026年10月15日" in text  # until when the court is asked together


def test_what_one_party_writes_no_other_party_reads(office: Office) -> None:
    case = drafted(office)
    parties.refuse_terms(case=case, slot=B, now=NOW, words="他骗了我的钱")

    assert "骗" not in page(case, REPORTER, office)
    assert not Message.objects.filter(slot=REPORTER, text__contains="骗").exists()


def test_markup_in_the_terms_is_shown_as_text(office: Office) -> None:
    case = drafted(office, terms="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)" in page(case, B, office)


def test_a_partys_page_asks_few_questions(office: Office, count_queries: CountQueries) -> None:
    case = agreed(office)
    case = Case.objects.get(pk=case.pk)

    with count_queries() as queries:
        public.view(case=case, slot=B, now=NOW)

    assert len(queries) <= 6


def test_a_form_that_was_refused_keeps_what_was_typed(office: Office) -> None:
    case = drafted(office)
    tried = public.MOVES[Move.REFUSE_TERMS].fill_in({"refuse_terms-words": "x" * 3000}).form
    assert not tried.is_valid()

    view = public.view(
        case=Case.objects.get(pk=case.pk), slot=B, now=NOW, tried={Move.REFUSE_TERMS: tried}
    )

    assert tried in [offer.form for offer in view.offers]


def test_meetings_stand_on_the_page(office_now: Office) -> None:
    case = begun(office_now)
    announced(office_now, case, PRESENT + timedelta(days=3))

    assert "村委会调解室" in page(case, B, office_now)


@pytest.mark.parametrize("move", public.MOVES)
def test_consents_and_endings_by_a_code_from_a_desk_are_held_and_objections_are_not(
    move: str,
) -> None:
    objections = {Move.REFUSE_MEDIATOR, Move.REFUSE_TERMS}

    assert public.MOVES[move].is_binding is (move not in objections)
