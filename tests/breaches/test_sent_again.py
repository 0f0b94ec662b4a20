"""A form about a breach that is sent twice states it once; with other words, something else."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from bihuan.breaches.actions import registration, statements
from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.core.breach import Grade
from bihuan.journal.models import Entry
from bihuan.notices.models import Notice
from tests.at_once import at_once
from tests.breaches.register import HOUR, Office, a_breach, found, make_office, whole
from tests.clock import PRESENT

pytestmark = pytest.mark.django_db
EARLIER = PRESENT - HOUR
MINUTE = localtime(EARLIER).strftime("%Y-%m-%dT%H:%M")

FOUND: dict[str, Any] = {
    "found_at": MINUTE, "how_found": "值班电话。", "happened": "表格发错群。", "kinds": ["sealed"],
}  # fmt: skip


def sent(client: Client, url: str, **but: Any) -> dict[str, Any]:
    """What the form of this page sends, key and all."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in {**values, **but}.items()}


@pytest.fixture
def desk(client: Client, office: Office) -> Client:
    client.force_login(office.keeper)
    return client


def test_the_form_of_a_new_breach_sent_twice_records_one(desk: Client) -> None:
    url = reverse("breaches:record-breach")
    values = sent(desk, url, **FOUND)

    first = desk.post(url, values)
    again = desk.post(url, values)

    breach = Breach.objects.get()
    assert first.headers["Location"] == again.headers["Location"]
    assert Particulars.objects.count() == 1
    assert Entry.objects.filter(chain__subject=breach.subject).count() == 1
    assert Notice.objects.filter(what="recorded").values("member").distinct().count() == (
        Notice.objects.filter(what="recorded").count()
    )


def test_after_going_back_another_breach_is_another_one(desk: Client) -> None:
    url = reverse("breaches:record-breach")
    values = sent(desk, url, **FOUND)

    desk.post(url, values)
    desk.post(url, {**values, "happened": "手机丢失。"})

    assert Breach.objects.count() == 2


SAID: dict[str, dict[str, Any]] = {
    "contain": {"at": MINUTE, "remedy": "改口令。"},
    "tell": {"at": MINUTE, "authority": "cyberspace", "means": "电话", "words": "已报。"},
    "tell_persons": {"at": MINUTE, "means": "信函", "words": "告知书。"},
    "spare_persons": {"reason": "手机已锁定。"},
    "grade": {"grade": "serious", "reason": "影响较大。"},
    "add": {"words": "设备已追回。"},
}


@pytest.mark.parametrize("act", SAID)
def test_a_statement_sent_twice_is_one(desk: Client, office: Office, act: str) -> None:
    breach = a_breach(office, at=EARLIER)
    url = reverse("breaches:state-breach", args=[breach.number, act])
    values = sent(desk, url, **SAID[act])

    answers = [desk.post(url, values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Step.objects.filter(breach=breach, act=act).count() == 1
    assert Entry.objects.filter(chain__subject=breach.subject, act=act).count() == 1


@pytest.mark.parametrize("act", ["ask_check", "close", "reopen"])
def test_a_step_of_the_check_sent_twice_is_one(client: Client, office: Office, act: str) -> None:
    breach = whole(office, EARLIER)
    if act != "ask_check":
        statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=PRESENT)
    if act == "reopen":
        statements.close(breach=breach, findings="好。", actor=office.second, now=PRESENT)
    client.force_login(office.keeper if act == "ask_check" else office.second)
    url = reverse("breaches:state-breach", args=[breach.number, act])
    name = {"ask_check": "summary", "close": "findings", "reopen": "reason"}[act]
    values = sent(client, url, **{name: "核对无误。"})

    answers = [client.post(url, values) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Step.objects.filter(breach=breach, act=act).count() == 1


def test_a_correction_and_a_strike_sent_twice_are_one(desk: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)
    statements.add(breach=breach, words="误记", actor=office.keeper, now=PRESENT)
    urls = {
        reverse("breaches:correct-breach", args=[breach.number]): {
            "found_at": MINUTE,
            "reason": "清点。",
        },
        reverse("breaches:strike-statement", args=[breach.number, Step.objects.get().pk]): {
            "reason": "错"
        },
    }

    for url, but in urls.items():
        values = sent(desk, url, **but)
        assert [desk.post(url, values).status_code for _ in range(2)] == [302, 302]

    assert (Particulars.objects.count(), Step.objects.filter(act="strike").count()) == (2, 1)


def test_other_words_in_the_same_form_are_another_statement(desk: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)
    url = reverse("breaches:state-breach", args=[breach.number, "add"])
    values = sent(desk, url)

    for words in ("设备已追回。", "设备没有追回。"):
        desk.post(url, {**values, "words": words})

    assert Step.objects.filter(breach=breach, act="add").count() == 2


def test_the_database_takes_a_form_once(office: Office) -> None:
    breach, key = a_breach(office, at=EARLIER), uuid4()
    statements.add(breach=breach, words="一", actor=office.keeper, now=PRESENT, form_key=key)

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(
            breach=breach, act="add", at=PRESENT, made_at=PRESENT, made_by=office.keeper,
            form_key=key,
        )  # fmt: skip


# Row locks do nothing on SQLite, so two presses at one moment meet on PostgreSQL.
@pytest.mark.skipif(connection.vendor != "postgresql", reason="row locks")
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_state_it_once() -> None:
    office, key, other = make_office(), uuid4(), uuid4()

    def record(form_key: UUID) -> Breach:
        return registration.record_breach(
            unit=office.county, found=found(EARLIER), grade=Grade.SERIOUS, actor=office.keeper,
            now=PRESENT, form_key=form_key,
        )  # fmt: skip

    made = at_once(*[lambda: record(key)] * 2)
    breach = Breach.objects.get()
    at_once(
        *[
            lambda: statements.add(
                breach=breach, words="一", actor=office.keeper, now=PRESENT, form_key=other
            )
        ]
        * 2
    )

    assert made == [breach, breach]
    assert breach.steps.count() == 1
