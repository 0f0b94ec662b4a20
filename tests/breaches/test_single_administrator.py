"""Where there is no second administrator somebody else checks a breach; never the one alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.breaches import queries
from bihuan.breaches.actions import statements
from bihuan.breaches.models import Breach
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.journal.models import Entry
from bihuan.orgs import access
from bihuan.orgs.models import Tenure, User
from tests.breaches.register import HOUR, Office, a_breach, told, whole
from tests.clock import PRESENT

pytestmark = pytest.mark.django_db
EARLIER = PRESENT - HOUR


def leave(*members: User) -> None:
    """Their posts are empty from now on."""
    Tenure.objects.filter(member__in=members).delete()
    for member in members:
        access.forget_seats(member)


def handed_in(office: Office) -> Breach:
    breach = whole(office, EARLIER)
    return statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=PRESENT)


def close(breach: Breach, actor: User) -> Breach:
    return statements.close(breach=breach, findings="核对无误。", actor=actor, now=PRESENT)


def last_entry(breach: Breach) -> Entry:
    return Entry.objects.filter(chain__subject=breach.subject).latest("seq")


def test_with_a_second_administrator_nobody_stands_in(office: Office) -> None:
    breach = handed_in(office)

    for other in (office.auditor, office.leader, office.city_leader):
        with pytest.raises(NotAllowed):
            close(breach, other)
    with pytest.raises(SamePerson):
        close(breach, office.keeper)

    assert ("check", "breach") in told(office.second)
    assert ("check", "breach") not in told(office.auditor)


def test_an_administrator_above_is_a_second_one(office: Office) -> None:
    leave(office.second)
    breach = handed_in(office)

    with pytest.raises(NotAllowed):
        close(breach, office.auditor)

    assert ("check", "breach") in told(office.above)
    assert close(breach, office.above).is_closed


def test_an_auditor_stands_in_for_the_second_administrator(office: Office) -> None:
    leave(office.second, office.above)
    breach = handed_in(office)
    assert ("check", "breach") in told(office.auditor)
    for other in (office.leader, office.city_leader, office.coordinator):
        with pytest.raises(NotAllowed):
            close(breach, other)
    with pytest.raises(SamePerson):
        close(breach, office.keeper)

    closed = close(breach, office.auditor)

    assert closed.is_closed
    last = last_entry(breach)
    assert (last.act, last.details["power"]) == ("close", "audit")
    assert ("closed_by_another", "breach") in told(office.keeper)


def test_without_an_auditor_a_leader_does(office: Office) -> None:
    leave(office.second, office.above, office.auditor)
    breach = handed_in(office)

    assert ("check", "breach") in told(office.leader)
    assert close(breach, office.city_leader).is_closed
    assert last_entry(breach).details["power"] == "approve"


def test_who_stands_in_may_send_it_back_and_states_nothing_else(office: Office) -> None:
    leave(office.second, office.above)
    breach = handed_in(office)
    with pytest.raises(NotAllowed):
        statements.add(breach=breach, words="注", actor=office.auditor, now=PRESENT)

    back = statements.send_back(breach=breach, reason="缺附件", actor=office.auditor, now=PRESENT)

    assert back.asked_by is None


def test_where_nobody_else_is_there_it_stays_open(client: Client, office: Office) -> None:
    leave(office.second, office.above, office.auditor, office.leader, office.city_leader)
    breach = handed_in(office)

    with pytest.raises(SamePerson):
        close(breach, office.keeper)

    client.force_login(office.keeper)
    shown = client.get(reverse("breaches:breach", args=[breach.number])).content.decode()
    assert "这里没有其他人可以核查" in shown


def test_a_leader_sees_a_breach_only_while_it_waits_for_that_leader_or_was_checked_so(
    client: Client, office: Office
) -> None:
    leave(office.second, office.above, office.auditor)
    other = a_breach(office, at=EARLIER)
    breach = handed_in(office)
    client.force_login(office.leader)
    url = reverse("breaches:breach", args=[breach.number])

    assert url in client.get(reverse("desk:today")).content.decode()
    assert list(queries.visible_to(office.leader, PRESENT)) == [breach]
    assert client.get(reverse("breaches:breach", args=[other.number])).status_code == 404
    shown = client.get(url).content.decode()
    assert "/state/close/" in shown
    assert "/state/add/" not in shown
    answer = client.post(
        reverse("breaches:state-breach", args=[breach.number, "close"]), {"findings": "核对无误。"}
    )

    assert answer.headers["Location"] == url
    assert client.get(url).status_code == 200
    assert queries.to_check(office.leader, PRESENT) == []
    assert client.get(reverse("breaches:breaches")).status_code == 404


def test_a_leader_who_sends_it_back_sees_it_no_more(client: Client, office: Office) -> None:
    leave(office.second, office.above, office.auditor)
    breach = handed_in(office)
    client.force_login(office.leader)

    answer = client.post(
        reverse("breaches:state-breach", args=[breach.number, "send_back"]), {"reason": "缺附件"}
    )

    assert answer.headers["Location"] == reverse("desk:today")
    assert client.get(reverse("breaches:breach", args=[breach.number])).status_code == 404
