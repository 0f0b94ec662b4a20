"""What is held back as evidence is neither erased nor corrected while the hold is in force."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, Evidence
from bihuan.core import amending as rules
from bihuan.core.amending import AmendmentOutcome, Basis, Wants
from bihuan.files import actions as files
from bihuan.orgs.models import Unit
from bihuan.receipts.models import Amendment, Message
from bihuan.retention.actions import holds
from bihuan.retention.models import Hold
from tests.cases.public import told
from tests.clock import PRESENT
from tests.factories import make_photo
from tests.receipts.amended import SECRET, add, ask, decide, told_secretly
from tests.retention.scene import Scene

pytestmark = pytest.mark.django_db
HELD = {"answer": "法院要求保留证据。", "basis": Basis.HELD.value}


@pytest.fixture
def case(scene: Scene) -> Case:
    return told_secretly(scene.unit)


def hold_case(scene: Scene, case: Case) -> Hold:
    return holds.hold_case(
        case=case, reason="法院来函，保留证据", actor=scene.proposer, now=PRESENT
    )


def hold_unit(scene: Scene, unit: Unit) -> Hold:
    return holds.hold_unit(unit=unit, reason="审计", actor=scene.auditor, now=PRESENT)


@pytest.mark.parametrize("by", ["case", "unit", "unit above"])
@pytest.mark.parametrize("outcome", [AmendmentOutcome.GRANTED, AmendmentOutcome.PARTLY])
def test_nothing_of_a_held_case_is_erased(
    scene: Scene, case: Case, by: str, outcome: AmendmentOutcome
) -> None:
    given = ask(case, "title")
    if by == "case":
        hold_case(scene, case)
    else:
        hold_unit(scene, scene.unit if by == "unit" else scene.office.county)

    with pytest.raises(rules.HeldBack):
        decide(given, scene.confirmer, outcome, left="×××占道", answer="部分", basis="other")

    assert SECRET in Case.objects.get().title
    assert Amendment.objects.get().is_open


def test_nothing_of_a_held_case_is_corrected_for_the_earlier_words_would_go(
    scene: Scene, case: Case
) -> None:
    given = ask(case, "title", Wants.CORRECT, right_words="三轮车占道")
    hold_case(scene, case)

    with pytest.raises(rules.HeldBack):
        decide(given, scene.confirmer)


def test_a_photo_of_a_held_case_stays(scene: Scene, case: Case) -> None:
    add(case, photos=[files.check(make_photo())])
    photo = Evidence.objects.get()
    given = ask(case, f"photo-{photo.pk}")
    hold_case(scene, case)

    with pytest.raises(rules.HeldBack):
        decide(given, scene.confirmer)

    assert Evidence.objects.get() == photo


def test_it_is_refused_for_the_hold_and_told_again_once_that_is_lifted(
    scene: Scene, case: Case
) -> None:
    given = ask(case, "title")
    hold, unit_hold = hold_case(scene, case), hold_unit(scene, scene.unit)
    decided = decide(given, scene.confirmer, AmendmentOutcome.REFUSED, **HELD)
    assert (decided.outcome, decided.is_held) == ("refused", True)
    told = Message.objects.filter(case=case, what="hold_over")

    holds.lift(row=hold, why="案已终结", actor=scene.proposer, now=PRESENT)
    assert not told.exists()
    holds.lift(row=unit_hold, why="审计结束", actor=scene.auditor, now=PRESENT)

    assert told.get().slot == "reporter"
    again = decide(ask(case, "title"), scene.confirmer)
    assert (again.outcome, again.is_held) == ("granted", False)


def test_who_was_not_refused_for_it_hears_nothing_of_a_hold(scene: Scene, case: Case) -> None:
    ask(case, "title")
    hold = hold_case(scene, case)

    holds.lift(row=hold, why="案已终结", actor=scene.proposer, now=PRESENT)

    assert not Message.objects.filter(case=case, what="hold_over").exists()


def test_no_refusal_names_a_hold_that_is_not_there(scene: Scene, case: Case) -> None:
    with pytest.raises(rules.NotHeldBack):
        decide(ask(case, "title"), scene.confirmer, AmendmentOutcome.REFUSED, **HELD)


def test_the_page_offers_nothing_but_to_refuse(scene: Scene, case: Case, client: Client) -> None:
    given = ask(case, "title")
    hold_case(scene, case)
    client.force_login(scene.confirmer)
    url = reverse("receipts:decide-amendment", args=[case.number, given.pk])

    page = client.get(url)
    form = page.context["form"]
    assert "同意后" not in page.content.decode()
    assert [value for value, _ in form.fields["outcome"].choices] == ["refused"]
    assert form["basis"].value() == Basis.HELD.value
    client.post(url, {"outcome": "refused", **HELD})

    assert Amendment.objects.get().outcome == AmendmentOutcome.REFUSED


def test_nothing_is_erased_of_a_case_of_which_a_part_is_held(scene: Scene) -> None:
    case = told_secretly(scene.unit)
    part = told(scene.unit).case
    Case.objects.filter(pk=part.pk).update(parent=case, place=case.place)
    hold = hold_case(scene, part)
    given = ask(case, "place")

    with pytest.raises(rules.HeldBack):
        decide(given, scene.proposer)
    decide(given, scene.proposer, AmendmentOutcome.REFUSED, **HELD)
    holds.lift(row=hold, why="判决生效", actor=scene.proposer, now=PRESENT)

    assert SECRET in Case.objects.get(pk=part.pk).place
    assert [message.case for message in Message.objects.filter(what="hold_over")] == [case]


def test_what_a_hold_and_its_lifting_do_is_said_before(
    scene: Scene, case: Case, client: Client
) -> None:
    row = hold_case(scene, case)
    client.force_login(scene.proposer)

    before_holding = client.get(reverse("retention:hold-back")).content.decode()
    before_lifting = client.get(reverse("retention:lift-hold", args=[row.pk])).content.decode()

    assert "不得销毁、更正或者删除" in before_holding
    assert "恢复按保管期限处置" in before_lifting
    assert case.number in before_lifting
