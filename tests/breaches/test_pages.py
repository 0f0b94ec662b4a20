"""The pages of the register: who gets them, what they say, and what they leave out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from bihuan.breaches.actions import statements
from bihuan.breaches.models import Breach
from bihuan.core.breach import Grade
from bihuan.orgs.models import User
from tests.breaches.register import HOUR, MINUTE, Office, a_breach, tell, whole
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.desk.pages import a_case
from tests.factories import make_cast

pytestmark = pytest.mark.django_db
EARLIER = PRESENT - HOUR
LISTING = reverse("breaches:breaches")
AT_MOST = 16  # queries of any page, however much is stated


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def status(client: Client, user: User, url: str) -> int:
    client.force_login(user)
    return client.get(url).status_code


def one(name: str, breach: Breach, *more: object) -> str:
    return reverse(name, args=[breach.number, *more])


def test_others_get_no_page_of_it_and_no_link(client: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)
    urls = [
        LISTING,
        *(
            one(name, breach)
            for name in ("breaches:breach", "breaches:breach-sheet", "breaches:breach-notice")
        ),
    ]

    for other in (office.coordinator, office.leader):
        assert {status(client, other, url) for url in urls} == {404}
        assert LISTING not in page(client, other, reverse("desk:today"))
    for reader in (office.keeper, office.auditor, office.above):
        assert {status(client, reader, url) for url in urls} == {200}
        assert LISTING in page(client, reader, reverse("orgs:account"))


def test_the_auditor_reads_and_states_nothing(client: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)

    shown = page(client, office.auditor, one("breaches:breach", breach))

    assert "/state/" not in shown
    assert status(client, office.auditor, one("breaches:state-breach", breach, "add")) == 404
    assert status(client, office.auditor, reverse("breaches:record-breach")) == 404


def test_today_shows_the_keepers_what_is_next_and_by_when(client: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)

    shown = page(client, office.second, reverse("desk:today"))

    assert one("breaches:breach", breach) in shown
    assert "止损并登记补救措施" in shown
    assert "剩 3 小时" in shown
    assert "止损并登记补救措施" not in page(client, office.auditor, reverse("desk:today"))


def test_the_page_counts_down_by_the_minute_and_keeps_a_late_report_visible(
    client: Client, office: Office
) -> None:
    breach = a_breach(office, at=PRESENT - 5 * HOUR)
    assert "逾期 1 小时 0 分" in page(client, office.keeper, one("breaches:breach", breach))

    tell(breach, office.keeper, PRESENT - MINUTE)

    assert "迟报 59 分" in page(client, office.keeper, one("breaches:breach", breach))
    assert "迟报 59 分" in page(client, office.keeper, one("breaches:breach-sheet", breach))


def test_a_breach_is_recorded_by_the_form(client: Client, office: Office) -> None:
    client.force_login(office.keeper)

    answer = client.post(
        reverse("breaches:record-breach"),
        {
            "unit": office.county.pk,
            "found_at": localtime(EARLIER).strftime("%Y-%m-%dT%H:%M"),
            "how_found": "值班电话。",
            "happened": "表格发错群。",
            "kinds": ["sealed"],
            "people": "",
            "grade": "unknown",
            "cases": "",
        },
    )

    breach = Breach.objects.get()
    assert answer.headers["Location"] == one("breaches:breach", breach)
    assert breach.particulars.get().people is None
    assert breach.recorded_by == office.keeper


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_time_at_the_end_of_the_calendar_is_refused_in_words(
    client: Client, office: Office, typed: str
) -> None:
    breach = a_breach(office, at=EARLIER)
    client.force_login(office.keeper)

    for url in (reverse("breaches:record-breach"), one("breaches:correct-breach", breach)):
        answer = client.post(url, {"found_at": typed})
        assert answer.status_code == 200
        assert 'href="#id_found_at"' in answer.content.decode()


def test_a_time_to_come_is_refused_in_words(client: Client, office: Office) -> None:
    breach = a_breach(office, at=EARLIER)
    client.force_login(office.keeper)
    later = localtime(PRESENT + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    answer = client.post(
        one("breaches:state-breach", breach, "contain"), {"at": later, "remedy": "改口令。"}
    )

    assert "该时间尚未到来" in answer.content.decode()
    assert not breach.steps.exists()


def test_what_happened_in_the_minute_of_the_finding_is_not_before_it(
    client: Client, office: Office
) -> None:
    breach = a_breach(office, at=EARLIER + timedelta(seconds=30))
    client.force_login(office.keeper)
    minute = localtime(EARLIER).strftime("%Y-%m-%dT%H:%M")

    client.post(
        one("breaches:state-breach", breach, "contain"), {"at": minute, "remedy": "改口令。"}
    )

    assert breach.steps.get().at == EARLIER + timedelta(seconds=30)


def test_a_case_is_named_only_to_those_who_may_see_it(client: Client, office: Office) -> None:
    case = a_case(make_cast(office.county))
    breach = a_breach(office, at=EARLIER, cases=(case.number,))
    client.force_login(office.keeper)
    url = one("breaches:correct-breach", breach)
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields} | {
        "found_at": localtime(EARLIER).strftime("%Y-%m-%dT%H:%M"), "people": "41",
        "reason": "重新清点。",
    }  # fmt: skip

    client.post(url, sent)
    kept = breach.particulars.latest("pk").cases
    unknown = client.post(url, {**sent, "cases": "YH-2026-999999"}).content.decode()

    assert kept == [case.number]  # though whoever corrected did not see it
    assert "没有您可查看的事项 YH-2026-999999" in unknown
    seen = case.number in page(client, office.keeper, one("breaches:breach", breach))
    assert seen is (case.number in page(client, office.keeper, reverse("desk:ledger")))


def test_only_another_administrator_is_offered_the_check(client: Client, office: Office) -> None:
    breach = whole(office, EARLIER)
    statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=PRESENT)
    close = one("breaches:state-breach", breach, "close")

    assert close not in page(client, office.keeper, one("breaches:breach", breach))
    assert close in page(client, office.second, one("breaches:breach", breach))
    client.force_login(office.keeper)
    refused = client.post(close, {"findings": "好。"}).content.decode()
    assert "须由提交人以外的人核查" in refused


def test_the_sheet_and_the_notice_say_what_the_law_wants_told(
    client: Client, office: Office
) -> None:
    breach = a_breach(
        office,
        at=EARLIER,
        cause="未锁屏。",
        harm="可能被冒用。",
        advice="留意来电。",
        contact="12345",
    )
    statements.contain(
        breach=breach, remedy="会话已结束。", at=PRESENT, actor=office.keeper, now=PRESENT
    )

    for name in ("breaches:breach-sheet", "breaches:breach-notice"):
        shown = page(client, office.keeper, one(name, breach))
        for item in ("群众所写内容", "未锁屏", "可能被冒用", "会话已结束", "留意来电", "12345"):
            assert item in shown, (name, item)
    assert "第五十七条" in page(client, office.keeper, one("breaches:breach-notice", breach))


def test_the_register_is_paged_and_filtered(client: Client, office: Office) -> None:
    first = a_breach(office, grade=Grade.LESSER, at=EARLIER)
    for _ in range(20):
        last = a_breach(office, grade=Grade.LESSER, at=EARLIER)

    newest = page(client, office.keeper, LISTING)
    assert last.number in newest
    assert first.number not in newest
    found = re.search(r'href="(\?state=open&amp;older=\d+)"', newest)
    assert found
    older = page(client, office.keeper, LISTING + found[1].replace("&amp;", "&"))
    assert first.number in older
    back = re.search(r'href="(\?state=open&amp;newer=\d+)"', older)
    assert back
    assert last.number in page(client, office.keeper, LISTING + back[1].replace("&amp;", "&"))
    assert last.number not in page(client, office.keeper, f"{LISTING}?state=closed")


def test_a_page_costs_the_same_however_much_is_stated(
    client: Client, office: Office, count_queries: CountQueries
) -> None:
    breach = whole(office, EARLIER)
    for n in range(10):
        statements.add(breach=breach, words=f"备注{n}。", actor=office.keeper, now=PRESENT)
    client.force_login(office.keeper)

    for url in (LISTING, one("breaches:breach", breach), one("breaches:breach-sheet", breach)):
        with count_queries() as queries:
            client.get(url)
        assert len(queries) <= AT_MOST, url
