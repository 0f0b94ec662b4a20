"""A letter goes from a draft through two officers to the body that answers it, and to no other."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from bihuan.cases.models import Exclusion
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed, Refusal, SamePerson, WrongStage
from bihuan.core.routing import ShutOut
from bihuan.notices.models import Notice
from bihuan.orgs.refusals import UnitClosed
from bihuan.transfers import queries
from bihuan.transfers.actions import letters
from bihuan.transfers.acts import TRANSITIONS, Act, Stage
from bihuan.transfers.models import Letter
from bihuan.transfers.refusals import (
    BeforeIssue,
    NotOfThisCase,
    NotTransferable,
    NotYet,
    OneAddressee,
    OwnUnit,
)
from tests.factories import NOW, TODAY, make_case, make_officer, make_unit
from tests.transfers.scene import Scene

pytestmark = pytest.mark.django_db


# --------------------------------------------------------------- stages and acts
@pytest.mark.parametrize("act", list(TRANSITIONS))
@pytest.mark.parametrize("stage", list(Stage))
def test_an_act_leads_from_its_stages_and_no_others(scene: Scene, stage: Stage, act: Act) -> None:
    letter = scene.in_stage(stage)
    sources, target = TRANSITIONS[act]
    by = scene.receiver if act in queries.BY_RECEIVER else scene.leader
    by = scene.coordinator if act is Act.CHANGE else by

    offered = act in queries.open_acts(by, letter, NOW)

    assert offered is (stage in sources)
    if stage in sources:
        assert scene.act(letter, act).stage == target
    else:
        unseen = stage is Stage.DRAFT and act in queries.BY_RECEIVER
        with pytest.raises(NotAllowed if unseen else WrongStage):
            scene.act(letter, act)
        letter.refresh_from_db()
        assert letter.stage == stage


@pytest.mark.parametrize("act", list(TRANSITIONS))
def test_each_act_asks_for_its_own_power(scene: Scene, act: Act) -> None:
    stage = next(iter(sorted(TRANSITIONS[act][0])))
    letter = scene.in_stage(stage)
    may = {
        Act.CHANGE: {"coordinator"},
        Act.DISCARD: {"coordinator", "leader"},
        Act.ISSUE: {"leader"},
        Act.WITHDRAW: {"leader"},
        Act.RECEIVE: {"receiver"},
        Act.ANSWER: {"receiver"},
    }[act]

    for name in ("coordinator", "leader", "receiver", "handler", "stranger"):
        user = getattr(scene, name)
        assert queries.may(user, letter, act, NOW) is (name in may), name
        if name not in may:
            with pytest.raises(NotAllowed):
                scene.act(letter, act, by=user)


def test_the_officer_who_wrote_a_letter_never_issues_it(scene: Scene) -> None:
    both = make_officer(scene.town, Power.COORDINATE, Power.APPROVE)
    letter = letters.draft(case=scene.case, content=scene.content(), actor=both, now=NOW)

    with pytest.raises(SamePerson):
        letters.issue(letter=letter, actor=both, now=NOW)

    assert Act.ISSUE not in queries.open_acts(both, letter, NOW)
    scene.act(letter, Act.CHANGE)
    assert letters.issue(letter=letter, actor=both, now=NOW).number == f"YSH-{NOW.year}-0001"


def test_the_same_form_makes_one_letter(scene: Scene) -> None:
    key = UUID(int=5)
    made = [
        letters.draft(
            case=scene.case, content=scene.content(), actor=scene.coordinator, now=NOW, form_key=key
        )
        for _ in range(2)
    ]

    assert made[0] == made[1]


# -------------------------------------------------------------------- the addressee
def test_a_letter_has_one_addressee_and_never_its_sender(scene: Scene) -> None:
    for given in ({"to_name": "县公安局"}, {"to_unit": None}, {"to_unit": None, "to_name": " "}):
        with pytest.raises(OneAddressee):
            scene.drafted(**given)
    with pytest.raises(OwnUnit):
        scene.drafted(to_unit=scene.town)


def test_a_closed_unit_or_one_that_the_case_is_closed_to_gets_no_letter(scene: Scene) -> None:
    draft = scene.drafted()
    Exclusion.objects.create(
        case=scene.case, unit=scene.bureau, since_at=NOW, added_at=NOW, cause="complained_of"
    )

    with pytest.raises(ShutOut):
        scene.drafted()
    with pytest.raises(ShutOut):
        letters.issue(letter=draft, actor=scene.leader, now=NOW)

    scene.bureau.end_date = TODAY
    scene.bureau.save()
    with pytest.raises(UnitClosed):
        scene.drafted()


@pytest.mark.parametrize("lacks", ["title", "place", "found", "basis"])
def test_a_letter_without_its_words_is_refused(scene: Scene, lacks: str) -> None:
    with pytest.raises(Missing, match=lacks):
        scene.drafted(**{lacks: " \u200b"})


def test_telephone_numbers_are_masked(scene: Scene) -> None:
    assert "13812345678" not in scene.drafted(found="现场电话 13812345678。").found


def test_no_letter_is_made_from_a_rejected_case_or_by_another_unit(scene: Scene) -> None:
    with pytest.raises(NotAllowed):
        letters.draft(case=scene.case, content=scene.content(), actor=scene.receiver, now=NOW)

    scene.case.stage = "rejected"
    with pytest.raises(NotTransferable):
        letters.draft(case=scene.case, content=scene.content(), actor=scene.coordinator, now=NOW)


# ------------------------------------------------------------------------- photos
def test_only_photos_of_officers_of_this_case_are_enclosed(scene: Scene) -> None:
    photo = scene.photo()
    letter = scene.drafted(photos=[photo, photo])
    elsewhere = make_case(make_unit(scene.county))
    photo.case = elsewhere
    photo.save()

    with pytest.raises(NotOfThisCase):
        scene.drafted(photos=[photo])

    assert [row.file_id for row in letter.enclosures.all()] == [photo.file_id]


def test_a_photo_from_the_public_is_never_offered(scene: Scene) -> None:
    photo = scene.photo()
    assert [*queries.photos_of(scene.case)] == [photo]

    photo.added_by, photo.slot, photo.shown_to = None, "reporter", "giver"
    photo.save()

    assert [*queries.photos_of(scene.case)] == []


# ------------------------------------------------------------- days, clock, notices
def test_days_are_in_their_order_and_never_in_the_future(scene: Scene) -> None:
    letter = scene.issued()
    given = {"letter": letter, "receipt": "", "actor": scene.receiver, "now": NOW}
    for day, refusal in ((1, NotYet), (-1, BeforeIssue)):
        with pytest.raises(refusal):
            letters.receive(received_date=TODAY + timedelta(days=day), **given)  # type: ignore[arg-type]
    letter = scene.act(letter, Act.RECEIVE)
    for day, refusal in ((1, NotYet), (-1, BeforeIssue)):
        with pytest.raises(refusal):
            letters.answer(
                letter=letter, answer="done", text="已拆除。", actor=scene.receiver, now=NOW,
                answer_date=TODAY + timedelta(days=day),
            )  # fmt: skip


@pytest.mark.parametrize(("answer", "text"), [("", "已查。"), ("maybe", "已查。"), ("done", " ")])
def test_an_answer_has_a_kind_and_words(scene: Scene, answer: str, text: str) -> None:
    with pytest.raises(Missing):
        letters.answer(
            letter=scene.received(), answer=answer, text=text, answer_date=TODAY,
            actor=scene.receiver, now=NOW,
        )  # fmt: skip


def test_the_answer_is_owed_by_the_body_from_the_day_of_issue(scene: Scene) -> None:
    letter = scene.issued()
    clock = Clock.objects.get(subject=letter.subject)
    assert (clock.unit, (clock.due_at - NOW).days) == (scene.bureau, 30)

    scene.act(scene.act(letter, Act.RECEIVE), Act.ANSWER)

    clock.refresh_from_db()
    assert clock.outcome == "met"


def test_the_clock_of_a_withdrawn_letter_is_cancelled(scene: Scene) -> None:
    assert Clock.objects.get(subject=scene.withdrawn().subject).outcome == "cancelled"


def test_each_side_hears_what_the_other_did(scene: Scene) -> None:
    letter = scene.answered()

    told = Notice.objects.filter(subject=letter.subject).values_list("member", "what")

    assert set(told) == {
        (scene.receiver.pk, "issue"),
        (scene.coordinator.pk, "receive"), (scene.leader.pk, "receive"),
        (scene.coordinator.pk, "answer"), (scene.leader.pk, "answer"),
    }  # fmt: skip


def test_the_sender_records_receipt_and_answer_of_a_body_outside(scene: Scene) -> None:
    letter = scene.issued(to_unit=None, to_name="县公安局")

    assert not queries.may(scene.receiver, letter, Act.RECEIVE, NOW)
    letter = scene.act(letter, Act.RECEIVE, by=scene.coordinator)
    letter = scene.act(letter, Act.ANSWER, by=scene.coordinator)

    assert letter.stage == Stage.ANSWERED
    assert Clock.objects.get(subject=letter.subject).unit == scene.town


# ---------------------------------------------------------------------- who sees it
def test_the_receiver_sees_a_letter_once_it_is_issued_and_nothing_of_the_case(
    scene: Scene,
) -> None:
    draft = scene.drafted()
    assert [*queries.visible_to(scene.receiver, NOW)] == []

    scene.act(draft, Act.ISSUE)

    for user in (scene.receiver, scene.handler, scene.coordinator, scene.leader):
        assert [*queries.visible_to(user, NOW)] == [draft]
    assert [*queries.visible_to(scene.stranger, NOW)] == []


def test_a_discarded_draft_is_never_shown_to_the_body(scene: Scene) -> None:
    scene.act(scene.drafted(), Act.DISCARD)

    assert [*queries.visible_to(scene.receiver, NOW)] == []


def test_an_officer_barred_from_the_case_sees_no_letter_about_it(scene: Scene) -> None:
    letter = scene.issued()
    Exclusion.objects.create(case=scene.case, member=scene.receiver, added_at=NOW, cause="interest")
    receiver = type(scene.receiver).objects.get(pk=scene.receiver.pk)

    assert [*queries.visible_to(receiver, NOW)] == []
    with pytest.raises(NotAllowed):
        scene.act(letter, Act.RECEIVE, by=receiver)


def test_only_coordinators_of_both_units_attach_to_an_issued_letter(scene: Scene) -> None:
    draft = scene.drafted()
    assert not queries.may_attach(scene.coordinator, str(draft.pk), NOW)

    letter = str(scene.act(draft, Act.ISSUE).pk)

    may = {name: queries.may_attach(getattr(scene, name), letter, NOW)
           for name in ("coordinator", "receiver", "leader", "handler", "stranger")}  # fmt: skip
    assert may == {"coordinator": True, "receiver": True, "leader": False,
                   "handler": False, "stranger": False}  # fmt: skip


def test_every_refusal_leaves_the_letter_as_it_was(scene: Scene) -> None:
    letter = scene.issued()

    with pytest.raises(Refusal):
        letters.withdraw(letter=letter, act=Act.WITHDRAW, reason=" ", actor=scene.leader, now=NOW)

    assert Letter.objects.get(pk=letter.pk).stage == Stage.ISSUED
