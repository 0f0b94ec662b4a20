"""Pages: naming a stand-in, moving a post, a unit with its post, and names of the old place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.core.grants import OwnGrant
from bihuan.core.powers import Power
from bihuan.orgs.actions import granting, posts, stand_in_offers, units
from bihuan.orgs.models import Post, StandInOffer, Tenure, Unit, User
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, make_member, make_officer, make_post, make_unit
from tests.orgs.pairs import Pair, accepted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_holder_names_a_stand_in_who_is_shown_with_the_post(pair: Pair) -> None:
    holder, administrator = signed_in(pair.holder), make_officer(pair.county, Power.ADMINISTER)
    path = f"/desk/account/posts/{pair.tenure.pk}/stand-in/"
    today = timezone.localdate(PRESENT)
    assert pair.colleague.name in page(holder, path)

    sent = {"member": pair.colleague.pk, "start_date": today, "end_date": today + DAY}
    assert holder.post(path, sent).status_code == 302

    offer = StandInOffer.objects.get()
    asked = f"/desk/account/stand-ins/asked/{offer.pk}/"
    assert f"{asked}withdraw/" in page(holder, "/desk/account/")
    colleague = signed_in(pair.colleague)
    assert asked in page(colleague, "/desk/account/")
    assert asked in page(colleague, "/desk/")
    assert pair.holder.name in page(colleague, asked)
    assert colleague.post(asked, {"answer": "accept"}).status_code == 302

    lent = Tenure.with_stand_ins.get(holder_tenure=pair.tenure)
    assert lent.member == pair.colleague
    end = f"/desk/account/stand-ins/{lent.pk}/end/"
    unit = f"/desk/organisation/units/{pair.town.code}/"
    assert pair.colleague.name in page(signed_in(make_officer(pair.town, Power.DUTY)), unit)
    assert end in page(holder, "/desk/account/")
    assert end in page(signed_in(administrator), unit)
    assert end in page(signed_in(pair.colleague), "/desk/account/")
    assert pair.holder.name in page(signed_in(pair.colleague), "/desk/")
    assert f"您的代理人为{pair.colleague.name}" in page(holder, "/desk/")


def test_a_question_is_declined_or_withdrawn_on_its_page(pair: Pair) -> None:
    holder, colleague = signed_in(pair.holder), signed_in(pair.colleague)
    for person, path, sent in (
        (colleague, "", {"answer": "decline"}),
        (holder, "withdraw/", {"reason": ""}),
    ):
        asked = f"/desk/account/stand-ins/asked/{pair.ask(start=90, end=91, now=PRESENT).pk}/"
        assert person.get(asked + path).status_code == 200
        answer = person.post(asked + path, sent)
        assert answer.status_code == 302, answer.content.decode()
        assert not StandInOffer.objects.exists()
        assert colleague.get(asked).status_code == 302
        assert colleague.post(asked, {"answer": "accept"}).status_code == 302
    assert not Tenure.with_stand_ins.filter(holder_tenure__isnull=False).exists()


def test_nobody_else_answers_or_withdraws(pair: Pair) -> None:
    asked = f"/desk/account/stand-ins/asked/{pair.ask(start=90, end=91, now=PRESENT).pk}/"
    stranger, holder = signed_in(make_officer(pair.county, Power.HANDLE)), signed_in(pair.holder)

    for person in (stranger, holder):
        assert person.post(asked, {"answer": "accept"}).status_code == 302
    assert stranger.post(f"{asked}withdraw/").status_code == 403
    assert signed_in(pair.colleague).post(f"{asked}withdraw/").status_code == 403
    assert StandInOffer.objects.exists()


def test_others_find_neither_form(pair: Pair) -> None:
    lent = pair.name()
    stranger = signed_in(make_officer(pair.county, Power.COORDINATE))

    assert stranger.get(f"/desk/account/posts/{pair.tenure.pk}/stand-in/").status_code == 404
    assert stranger.post(f"/desk/account/posts/{pair.tenure.pk}/stand-in/").status_code == 404
    assert stranger.post(f"/desk/account/stand-ins/{lent.pk}/end/").status_code in (403, 404)
    assert Tenure.with_stand_ins.filter(pk=lent.pk, stopped_at=None).exists()


def test_an_officer_who_is_not_offered_cannot_be_sent(pair: Pair) -> None:
    holder, lesser = signed_in(pair.holder), make_officer(pair.town, Power.HANDLE)
    path = f"/desk/account/posts/{pair.tenure.pk}/stand-in/"
    today = timezone.localdate(PRESENT)

    answer = holder.post(path, {"member": lesser.pk, "start_date": today, "end_date": today})

    assert answer.context["form"].errors
    assert not Tenure.with_stand_ins.filter(holder_tenure__isnull=False).exists()


def test_no_stand_in_confirms_what_the_holder_granted(pair: Pair) -> None:
    """Two administrators, of whom one stands in for the other, are no two administrators."""
    powers = (Power.ADMINISTER, Power.HANDLE)
    one, two, third = (make_officer(pair.county, *powers) for _ in "123")
    accepted(stand_in_offers.name_stand_in(
        tenure=Tenure.objects.get(member=one), member=two, start_date=TODAY, end_date=TODAY,
        actor=one, now=NOW,
    ))  # fmt: skip
    post = make_post(pair.town, Power.HANDLE)
    tenure = posts.appoint(post=post, member=make_member(), start_date=TODAY, actor=one, now=NOW)

    with pytest.raises(OwnGrant):
        granting.confirm(row=tenure, granted_at=tenure.granted_at, actor=two, now=NOW + DAY)

    granting.confirm(row=tenure, granted_at=tenure.granted_at, actor=third, now=NOW + DAY)


def test_the_form_of_a_moved_post_says_what_moves(pair: Pair) -> None:
    administrator = signed_in(make_officer(pair.county, Power.ADMINISTER))
    path = f"/desk/organisation/posts/{pair.tenure.post_id}/move/"

    shown = page(administrator, path)
    assert pair.holder.name in shown
    assert "保密事项" in shown
    given = {"unit": pair.next_town.pk, "reason": "调整"}
    checked = administrator.post(path, given)
    assert not Post.objects.filter(unit=pair.next_town, tenures__member=pair.holder).exists()
    assert pair.next_town.name in checked.content.decode()
    again = administrator.post(path, {**given, "again": "1"})
    assert again.context["form"].data["reason"] == "调整"

    done = administrator.post(path, {**given, "sure": "1"}, follow=True)

    said = [str(each) for each in done.context["messages"]]
    assert done.redirect_chain[-1][0].endswith(f"/units/{pair.next_town.code}/")
    assert all(name in said[0] for name in (pair.holder.name, pair.next_town.name))
    assert Post.objects.filter(unit=pair.next_town, tenures__member=pair.holder).exists()


def test_the_check_of_a_moved_post_refuses_what_the_move_would_refuse(pair: Pair) -> None:
    administrator = signed_in(make_officer(pair.county, Power.ADMINISTER))
    title = pair.tenure.post.title
    make_post(pair.next_town, title=title)

    checked = administrator.post(
        f"/desk/organisation/posts/{pair.tenure.post_id}/move/",
        {"unit": pair.next_town.pk, "reason": "调整"},
    )

    assert checked.context["form"].errors
    assert title in str(checked.context["form"].errors)
    assert Tenure.objects.get(pk=pair.tenure.pk).post_id == pair.tenure.post_id


def test_a_unit_is_added_with_post_and_officer_and_sensible_defaults(pair: Pair) -> None:
    make_unit(pair.town, code="v07", kind=Unit.Kind.VILLAGE)
    administrator = signed_in(make_officer(pair.county, Power.ADMINISTER))
    path = f"/desk/organisation/units/{pair.town.code}/found/"
    first = administrator.get(path).context["form"].initial
    assert (first["code"], first["kind"]) == ("v08", "village")

    sent = {**first, "name": "新村", "member_name": "周新", "username": "zhou.xin"}
    shown = administrator.post(path, sent, follow=True)

    member = User.objects.get(username="zhou.xin")
    password = shown.content.decode().partition("<code>")[2].partition("</code>")[0]
    assert member.check_password(password)
    assert Tenure.objects.get(member=member).post.unit.code == "v08"


@pytest.mark.parametrize(
    "given",
    [
        {"member_name": "周新"},
        {"username": "zhou.xin"},
        {"member_name": "周新", "username": "zhou.xin", "member": "chosen"},
    ],
)
def test_an_officer_is_chosen_or_named_whole(pair: Pair, given: dict[str, str]) -> None:
    administrator = signed_in(make_officer(pair.county, Power.ADMINISTER))
    path = f"/desk/organisation/units/{pair.town.code}/found/"
    first = administrator.get(path).context["form"].initial
    if "member" in given:
        given = {**given, "member": str(pair.colleague.pk)}

    answer = administrator.post(path, {**first, "name": "新村", **given})

    assert answer.context["form"].errors
    assert not Unit.objects.filter(name="新村").exists()


def test_names_of_the_old_place_are_listed_until_they_are_changed() -> None:
    county = make_unit(name="云岭县")
    old, new = make_unit(county, name="望湖镇"), make_unit(county, name="双河镇")
    moved = make_unit(old, name="望湖镇中心小学", kind=Unit.Kind.SCHOOL, code="s1")
    make_unit(moved, name="望湖小学食堂", code="s2")
    make_unit(moved, name="体育馆", code="s3")
    officer = make_officer(county, Power.ADMINISTER)
    administrator = signed_in(officer)
    path = "/desk/organisation/units/s1/"
    assert not administrator.get(path).context["old_names"]

    units.move_unit(unit=moved, parent=new, actor=officer, now=NOW)

    found = administrator.get(path).context
    assert (found["old_place"], [u.code for u in found["old_names"]]) == ("望湖镇", ["s1", "s2"])
    Unit.objects.filter(code__in=["s1", "s2"]).update(name="双河镇中心小学")
    assert not administrator.get(path).context["old_names"]
    plain = signed_in(make_officer(new, Power.HANDLE))
    assert "old_names" not in plain.get(path).context
