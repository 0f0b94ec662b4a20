"""Who answers for what: duties are assigned to posts, and signed by their holders."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from bihuan.core.powers import Power
from bihuan.core.refusal import Missing, NotAllowed
from bihuan.duties import catalogue, queries
from bihuan.duties.actions import assigning, signing
from bihuan.duties.actions.assigning import DutyWords
from bihuan.duties.models import Duty, DutyText, Signature
from bihuan.duties.refusals import (
    AssignedAlready,
    DutyEnded,
    EndsBeforeStart,
    NothingToCopy,
    NotTheHolder,
    PostEnded,
    SignedAlready,
    TextMoved,
    UnknownKind,
)
from bihuan.journal.queries import page
from bihuan.orgs.models import Tenure
from bihuan.sites import queries as sites
from bihuan.sites.catalogue import kinds as site_kinds
from tests.duties.register import TEXT, Town, a_duty, given
from tests.factories import NOW, TODAY, make_member, make_post, make_site, make_tenure, make_unit

NEW = DutyWords("每周到场检查一次。", "")


def _sign(town: Town, duty: Duty) -> Signature:
    duty.refresh_from_db()
    return signing.sign(duty=duty, number=duty.number, actor=town.grid, now=NOW)


def _replace_holder(town: Town) -> None:
    """From today on another officer holds the post of the grid officer."""
    Tenure.objects.filter(post=town.post).update(end_date=TODAY - timedelta(days=1))


def test_every_kind_of_duty_needs_kinds_of_sites_that_exist() -> None:
    known = {*site_kinds(), catalogue.EVERY_SITE}

    assert all(kind.needed <= known for kind in catalogue.kinds().values())


def test_only_an_officer_in_charge_of_the_site_assigns_a_duty(town: Town) -> None:
    for other in (town.stranger, town.grid):
        with pytest.raises(NotAllowed):
            a_duty(town, actor=other)
    assert a_duty(town).text == TEXT


def test_the_same_form_assigns_one_duty(town: Town) -> None:
    key = UUID(int=1)

    assert a_duty(town, form_key=key) == a_duty(town, form_key=key)


def test_a_post_has_a_kind_of_duty_at_a_site_once(town: Town) -> None:
    a_duty(town)

    with pytest.raises(AssignedAlready):
        a_duty(town)


def test_a_duty_whose_last_day_is_past_gives_way_to_a_new_one(town: Town) -> None:
    first = a_duty(town, end_date=TODAY)

    a_duty(town, now=NOW + timedelta(days=2))

    first.refresh_from_db()
    assert first.ended_at is not None
    assert first.end_date == TODAY


def test_a_duty_needs_a_text_a_known_kind_a_post_of_the_site_and_days_in_order(town: Town) -> None:
    for refused, but in (
        (Missing, {"words": DutyWords(" ", "")}),
        (UnknownKind, {"kind": "king"}),
        (PostEnded, {"post": make_post(make_unit(town.county))}),
        (EndsBeforeStart, {"end_date": TODAY - timedelta(days=1)}),
    ):
        with pytest.raises(refused):
            a_duty(town, **but)


def test_the_holder_of_the_post_signs_and_no_one_else(town: Town) -> None:
    duty = a_duty(town)
    assert [*queries.to_sign(town.grid, NOW)] == [duty]

    for other in (town.coordinator, town.stranger):
        with pytest.raises(NotTheHolder):
            signing.sign(duty=duty, number=1, actor=other, now=NOW)
    _sign(town, duty)

    assert not queries.to_sign(town.grid, NOW).exists()
    entry = page(duty.subject)[0]
    assert (entry.act, entry.actor) == ("sign", town.grid)


def test_a_version_is_signed_once(town: Town) -> None:
    duty = a_duty(town)
    _sign(town, duty)

    with pytest.raises(SignedAlready):
        _sign(town, duty)


def test_a_new_text_needs_a_new_signature_and_the_old_one_stays(town: Town) -> None:
    duty = a_duty(town)
    _sign(town, duty)

    assigning.reword(duty=duty, words=NEW, actor=town.coordinator, now=NOW)

    assert [*queries.to_sign(town.grid, NOW)] == [duty]
    assert Signature.objects.get().number == 1
    texts = DutyText.objects.order_by("number").values_list("number", "text")
    assert [*texts] == [(1, TEXT), (2, NEW.text)]


def test_a_text_that_changed_since_it_was_read_is_not_signed(town: Town) -> None:
    duty = a_duty(town)
    assigning.reword(duty=duty, words=NEW, actor=town.coordinator, now=NOW)

    with pytest.raises(TextMoved):
        signing.sign(duty=duty, number=1, actor=town.grid, now=NOW)


def test_the_same_words_are_no_new_version(town: Town) -> None:
    duty = a_duty(town)

    same = DutyWords(TEXT, "镇政府文件")
    assert assigning.reword(duty=duty, words=same, actor=town.coordinator, now=NOW).number == 1


def test_the_next_holder_signs_too(town: Town) -> None:
    duty, post = a_duty(town), town.post
    _sign(town, duty)
    _replace_holder(town)
    follower = make_member(name="接任")
    make_tenure(follower, post, start_date=TODAY)

    assert [*queries.to_sign(follower, NOW)] == [duty]
    assert not queries.to_sign(town.grid, NOW).exists()


def test_a_duty_of_a_post_that_no_one_holds_is_vacant(town: Town) -> None:
    held, vacant = a_duty(town), a_duty(town, post=town.vacant)
    every = Duty.objects.all()

    assert [*queries.vacant(every, TODAY)] == [vacant]
    assert [*queries.unsigned(every, TODAY)] == [held]
    make_tenure(make_member(), town.vacant)
    assert not queries.vacant(every, TODAY).exists()


def test_a_vacant_duty_is_handed_over_and_signed_by_the_other_post(town: Town) -> None:
    duty = a_duty(town, post=town.vacant)

    moved = assigning.hand_over_many(duties=[duty], post=town.post, actor=town.coordinator, now=NOW)

    assert moved == 1
    assert [*queries.to_sign(town.grid, NOW)] == [duty]


def test_sites_without_a_duty_that_they_need_are_found_and_filled(town: Town) -> None:
    other = make_site(town.town)
    kind = catalogue.kind("grid_officer")
    a_duty(town)
    mine = sites.in_charge(town.coordinator, NOW)
    assert [*queries.gaps(mine, kind, TODAY)] == [other]

    made = assigning.assign_many(
        at=[town.site, other], given=given(town.post), actor=town.coordinator, now=NOW
    )

    assert made == 1
    assert not queries.gaps(mine, kind, TODAY).exists()
    assert kind not in queries.lacking(other, TODAY)


def test_a_kind_that_only_some_sites_need_is_no_gap_of_others(town: Town) -> None:
    kind = catalogue.kind("government_leader")
    hotel = make_site(town.town, kind="hotel")

    assert [*queries.gaps(sites.in_charge(town.coordinator, NOW), kind, TODAY)] == [hotel]


def test_duties_are_copied_to_sites_that_lack_them(town: Town) -> None:
    duty = a_duty(town)
    a_duty(town, kind="regulator")
    lacks_one, lacks_both = make_site(town.town), make_site(town.town)
    a_duty(town, site=lacks_one, post=town.vacant)
    every = [*Duty.objects.filter(site=town.site)]

    made = assigning.copy(duties=every, to=[lacks_one, lacks_both], actor=town.coordinator, now=NOW)

    assert made == 3
    kept = Duty.objects.get(site=lacks_one, kind="grid_officer")
    assert kept.post == town.vacant
    assert Duty.objects.get(site=lacks_both, kind="grid_officer").text == duty.text
    with pytest.raises(NothingToCopy):
        assigning.copy(duties=every, to=[lacks_both], actor=town.coordinator, now=NOW)


def test_duties_are_not_copied_to_sites_of_others(town: Town) -> None:
    a_duty(town)
    elsewhere = make_site(make_unit(town.county))

    with pytest.raises(NotAllowed):
        assigning.copy(
            duties=[*Duty.objects.all()], to=[elsewhere], actor=town.coordinator, now=NOW
        )
    assert not queries.like(town.site, town.coordinator, NOW).exists()


def test_an_ended_duty_is_not_signed_and_stays_on_record(town: Town) -> None:
    duty = a_duty(town)

    assigning.end(duty=duty, reason="学校已撤并。", actor=town.coordinator, now=NOW)

    duty.refresh_from_db()
    assert duty.end_date == TODAY
    with pytest.raises(DutyEnded):
        _sign(town, duty)


def test_who_has_a_duty_at_a_site_sees_it(town: Town) -> None:
    assert not queries.visible_to(town.grid, NOW).exists()

    duty = a_duty(town)

    assert [*queries.visible_to(town.grid, NOW)] == [duty]
    assert not queries.visible_to(town.stranger, NOW).exists()


def test_several_texts_are_signed_at_once_as_they_were_read(town: Town) -> None:
    duties = [a_duty(town), a_duty(town, kind="regulator")]
    read = {duty.pk: 1 for duty in duties}

    assert signing.sign_many(read=read, actor=town.grid, now=NOW) == 2
    assert signing.sign_many(read=read, actor=town.grid, now=NOW) == 0
    assert Power.COORDINATE not in town.post.powers
